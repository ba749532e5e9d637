package io.kvstore.platform;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Access to the arenas of {@code java.lang.foreign}, whose mappings can be unmapped at once. JDK 22
 * and later have them; they are called by method handles, since the sources are compiled by JDK 17.
 */
public final class Arenas {
  private static final int FIRST_JDK = 22;

  private static final @Nullable Arenas AVAILABLE =
      Runtime.version().feature() < FIRST_JDK ? null : find();

  private final MethodHandle open;
  private final MethodHandle map;
  private final MethodHandle asBuffer;
  private final MethodHandle close;

  private Arenas() throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    Class<?> arena = Class.forName("java.lang.foreign.Arena");
    Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
    this.open =
        lookup
            .findStatic(arena, "ofShared", MethodType.methodType(arena))
            .asType(MethodType.methodType(Object.class));
    this.map =
        lookup
            .findVirtual(
                FileChannel.class,
                "map",
                MethodType.methodType(segment, MapMode.class, long.class, long.class, arena))
            .asType(
                MethodType.methodType(
                    Object.class,
                    FileChannel.class,
                    MapMode.class,
                    long.class,
                    long.class,
                    Object.class));
    this.asBuffer =
        lookup
            .findVirtual(segment, "asByteBuffer", MethodType.methodType(java.nio.ByteBuffer.class))
            .asType(MethodType.methodType(MappedByteBuffer.class, Object.class));
    this.close =
        lookup
            .findVirtual(arena, "close", MethodType.methodType(void.class))
            .asType(MethodType.methodType(void.class, Object.class));
  }

  private static @Nullable Arenas find() {
    try {
      return new Arenas();
    } catch (ReflectiveOperationException e) {
      return null; // a JDK without this API: the garbage collector unmaps then
    }
  }

  public static boolean areAvailable() {
    return AVAILABLE != null;
  }

  private static Arenas get() {
    return Objects.requireNonNull(AVAILABLE);
  }

  static Object open() throws IOException {
    try {
      return get().open.invokeExact();
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Maps a file from its start; the mapping lasts until the arena is closed. */
  static MappedByteBuffer map(Object arena, FileChannel channel, MapMode mode, long size)
      throws IOException {
    try {
      Object segment = get().map.invokeExact(channel, mode, 0L, size, arena);
      return (MappedByteBuffer) get().asBuffer.invokeExact(segment);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  /** Ends all mappings of an arena: reading one from now on throws an exception. */
  static void close(Object arena) throws IOException {
    try {
      get().close.invokeExact(arena);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  private static IOException thrown(Throwable e) throws IOException {
    if (e instanceof IOException io) {
      throw io;
    }
    if (e instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IOException(e);
  }
}
