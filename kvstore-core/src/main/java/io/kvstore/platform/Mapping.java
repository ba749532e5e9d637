package io.kvstore.platform;

import io.kvstore.StoreFullException;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A memory mapping of a segment file. The mapping ends when it is {@linkplain #end ended}, which
 * JDK 22 and later can do, or when the garbage collector finds its buffer unreachable. All mappings
 * of the process are counted: Linux allows 65,530 by default (vm.max_map_count), and beyond that
 * nothing in the process can map memory, including the JVM itself.
 */
public final class Mapping {
  /** The limit of mappings for new segments: the rest is left to everything else in the process. */
  public static final int MAX = 50_000;

  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final MappedByteBuffer buffer;
  private final boolean isWritable;
  private final Release release;
  private final Cleaner.Cleanable cleanable;

  private Mapping(MappedByteBuffer buffer, boolean isWritable, Release release) {
    this.buffer = buffer;
    this.isWritable = isWritable;
    this.release = release;
    this.cleanable = CLEANER.register(buffer, release);
  }

  /** Maps a file from its start. */
  public static Mapping of(FileChannel channel, MapMode mode, long size) throws IOException {
    Object arena = Arenas.areAvailable() ? Arenas.open() : null;
    MappedByteBuffer buffer;
    try {
      buffer = arena == null ? channel.map(mode, 0, size) : Arenas.map(arena, channel, mode, size);
    } catch (Throwable e) {
      if (arena != null) {
        Arenas.close(arena);
      }
      throw e;
    }
    COUNT.incrementAndGet();
    return new Mapping(buffer, mode == MapMode.READ_WRITE, new Release(arena));
  }

  /** Returns the number of mappings in this process. */
  public static int count() {
    return COUNT.get();
  }

  /**
   * Requires that the limit allows one more mapping.
   *
   * @throws StoreFullException if there are {@link #MAX}
   */
  public static void requireRoom() {
    if (count() >= MAX) {
      throw new StoreFullException(
          "the stores of this process have "
              + count()
              + " segments mapped, and may have "
              + MAX
              + ": use larger segments, or close stores");
    }
  }

  public MappedByteBuffer buffer() {
    return buffer;
  }

  public int bytes() {
    return buffer.capacity();
  }

  public boolean isWritable() {
    return isWritable;
  }

  /**
   * Ends the mapping, if this JDK can; for a file that is no longer read, or whose readers only
   * need to learn that it is gone.
   *
   * @return false if only the garbage collector can
   */
  public boolean end() {
    if (release.arena == null) {
      return false;
    }
    cleanable.clean();
    return true;
  }

  /** Subtracts the size of the mapping from a counter when the mapping ends. */
  public void countUntilEnd(AtomicLong bytesHeld) {
    release.count(bytesHeld, bytes());
  }

  /**
   * The cleanup action at the end of the mapping. It must not refer to the buffer, which would stay
   * reachable.
   */
  private static final class Release implements Runnable {
    private final @Nullable Object arena;
    private @Nullable AtomicLong counter;
    private long counted;
    private boolean isOver;

    Release(@Nullable Object arena) {
      this.arena = arena;
    }

    synchronized void count(AtomicLong bytesHeld, long bytes) {
      if (!isOver && counter == null) {
        bytesHeld.addAndGet(bytes);
        counter = bytesHeld;
        counted = bytes;
      }
    }

    @Override
    public synchronized void run() {
      isOver = true;
      COUNT.decrementAndGet();
      if (counter != null) {
        counter.addAndGet(-counted);
      }
      if (arena != null) {
        try {
          Arenas.close(arena);
        } catch (IOException | RuntimeException e) {
          StoreLogger.get().log(System.Logger.Level.WARNING, "can't unmap a segment", e);
        }
      }
    }
  }
}
