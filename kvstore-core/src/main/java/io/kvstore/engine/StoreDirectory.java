package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.KvStoreException;
import io.kvstore.LockedStoreException;
import io.kvstore.log.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that this store has to itself: the lock and the manifest. To be used on threads of
 * the store.
 */
final class StoreDirectory {
  private static final String LOCK = "lock";
  private static final int MAX_HOLDER_BYTES = 1024;
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  /**
   * The directories that this process has open. The operating system's lock can't tell two stores
   * of one process apart, and closing any channel of the file would release it.
   */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final Path realPath;
  private final @Nullable FileChannel lock;

  private StoreDirectory(Path directory, Path realPath, @Nullable FileChannel lock) {
    this.directory = directory;
    this.realPath = realPath;
    this.lock = lock;
  }

  /**
   * Creates the directory if it is missing, and locks it if it is a store's or empty.
   *
   * @throws LockedStoreException if another store has it
   */
  static StoreDirectory open(Path directory, Storage storage) throws IOException {
    if (!Files.isDirectory(directory)) {
      create(directory, storage);
    }
    refuseForeign(directory);
    return hold(directory);
  }

  /**
   * Creates the directory if it is missing, and locks it, of which the caller has made sure that it
   * may be written to.
   *
   * @throws LockedStoreException if a store has it
   */
  static StoreDirectory openForBackup(Path directory, Storage storage) throws IOException {
    if (!Files.isDirectory(directory)) {
      create(directory, storage);
    }
    return hold(directory);
  }

  private static StoreDirectory hold(Path directory) throws IOException {
    Path realPath = directory.toRealPath();
    if (!OPEN_HERE.add(realPath)) {
      throw new LockedStoreException(directory + " is already open in this process");
    }
    try {
      return new StoreDirectory(directory, realPath, lock(directory));
    } catch (Throwable e) {
      OPEN_HERE.remove(realPath);
      throw e;
    }
  }

  /**
   * Keeps every process from opening a store in the directory while it is read, and changes nothing
   * in it. Several may read at once, each in its process.
   *
   * @throws LockedStoreException if a store has it
   */
  static StoreDirectory openForReading(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new KvStoreException(directory + " is not a directory");
    }
    Path realPath = directory.toRealPath();
    if (!OPEN_HERE.add(realPath)) {
      throw new LockedStoreException(directory + " is already open in this process");
    }
    try {
      return new StoreDirectory(directory, realPath, sharedLock(directory));
    } catch (Throwable e) {
      OPEN_HERE.remove(realPath);
      throw e;
    }
  }

  /** Returns null where no store was ever open: a copy, perhaps where nothing can be written. */
  private static @Nullable FileChannel sharedLock(Path directory) throws IOException {
    Path file = directory.resolve(LOCK);
    if (!Files.exists(file)) {
      return null;
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, true) == null) {
        throw new LockedStoreException(directory + " is in use by " + holder(channel));
      }
      return channel;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /** Creates the directory, and what is missing above it, durably. */
  private static void create(Path directory, Storage storage) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      create(parent, storage);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      storage.syncDirectory(parent);
    }
  }

  /** Called before anything is written: a directory that is not a store's stays as it is. */
  private static void refuseForeign(Path directory) throws IOException {
    List<String> foreign;
    try (Stream<Path> files = Files.list(directory)) {
      foreign = files.map(file -> file.getFileName().toString()).filter(f -> !isOurs(f)).toList();
    }
    // Asked last: another process may be creating the store, and it writes the manifest first.
    if (!foreign.isEmpty() && !Files.exists(directory.resolve(Manifest.FILE))) {
      throw new KvStoreException(
          directory + " is not a store: it has no manifest, but " + foreign.get(0));
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new LockedStoreException(directory + " is in use by " + holder(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(self().getBytes(UTF_8)), 0);
      return channel;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  private static String self() {
    return "process "
        + ProcessHandle.current().pid()
        + " on "
        + host()
        + " since "
        + Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Linux knows its name itself; elsewhere it may be that a server is asked, which takes time. */
  private static String host() {
    try {
      return Files.exists(HOST_NAME)
          ? Files.readString(HOST_NAME).strip()
          : InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "this host";
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_BYTES);
    channel.read(text, 0);
    String holder = UTF_8.decode(text.flip()).toString();
    return holder.isEmpty() ? "another process" : holder;
  }

  /** Returns the manifest, and creates it if the directory is new. */
  Manifest manifest(int stripesIfNew, Storage storage) throws IOException {
    if (Files.exists(directory.resolve(Manifest.FILE))) {
      return Manifest.read(directory);
    }
    Manifest manifest = Manifest.create(stripesIfNew);
    manifest.write(directory, storage);
    return manifest;
  }

  /** Refuses a place inside of a store's directory. */
  static void requireOutside(Path place, Path directory) throws IOException {
    Path above = place.toAbsolutePath().normalize();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && above.toRealPath().startsWith(directory.toRealPath())) {
      throw new KvStoreException(place + " is inside of " + directory);
    }
  }

  /** Tells whether an empty directory may have such a file. */
  static boolean isOurs(String name) {
    return name.equals(LOCK) || name.equals(Manifest.NEW_FILE) || name.equals(Manifest.FILE);
  }

  Path path() {
    return directory;
  }

  /** Gives the directory back. */
  void close() throws IOException {
    try {
      if (lock != null) {
        lock.close();
      }
    } finally {
      OPEN_HERE.remove(realPath);
    }
  }
}
