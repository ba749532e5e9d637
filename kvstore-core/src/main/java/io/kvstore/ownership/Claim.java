package io.kvstore.ownership;

import io.kvstore.LockedStoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The claim on a directory within this process, which is checked before the lock file is opened:
 * the operating system's lock can't distinguish two stores of one process, and closing any channel
 * of the file would release it. So a second opening is rejected before it opens the file.
 *
 * <p>Another class loader has statics of its own. All class loaders share the JDK's table of file
 * locks, by file key: in this table, a lock on the directory itself represents the claim; it is a
 * shared lock, so it does not block other processes. Used on a thread of the store.
 */
final class Claim {
  /** The time for which a killed process may still seem alive after it has lost its locks. */
  private static final long EXIT_MILLIS = 200;

  private static final long EXIT_POLL_MILLIS = 10;

  private static final Path ITSELF = Path.of(".");

  /**
   * The directories that are open in this class loader: not every system has locks on directories.
   */
  private static final Set<String> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final DirectoryHandle directory;
  private final String key;
  private final Holder self;

  /** Represents the claim while it is referenced; null if the system has no such locks. */
  private final @Nullable FileLock registered;

  private Claim(DirectoryHandle directory, String key, Holder self, @Nullable FileLock registered) {
    this.directory = directory;
    this.key = key;
    this.self = self;
    this.registered = registered;
  }

  /**
   * Claims a directory, under any of its paths.
   *
   * @throws LockedStoreException if this process has it open
   */
  static Claim on(DirectoryHandle directory) throws IOException {
    Object fileKey = directory.key();
    String key = fileKey == null ? directory.path().toRealPath().toString() : fileKey.toString();
    if (!OPEN_HERE.add(key)) {
      throw isOpenHere(directory);
    }
    try {
      return new Claim(directory, key, Holder.self(key), register(directory));
    } catch (Throwable e) {
      OPEN_HERE.remove(key);
      throw e;
    }
  }

  private static @Nullable FileLock register(DirectoryHandle directory) throws IOException {
    FileChannel channel;
    try {
      channel = directory.open(ITSELF, StandardOpenOption.READ);
    } catch (IOException e) {
      return null; // this system can't open directories
    }
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
      if (lock == null) {
        channel.close();
      }
      return lock;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw isOpenHere(directory);
    } catch (IOException e) {
      channel.close();
      return null; // this file system can't lock directories
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Returns the exception. The holder is read from the file that is not locked, so it may be
   * closed.
   */
  private static LockedStoreException isOpenHere(DirectoryHandle directory) throws IOException {
    String holder = line(ownerText(directory));
    return new LockedStoreException(
        directory.path()
            + " is already open in this process"
            + (holder.isEmpty() ? "" : ": " + holder));
  }

  /** Releases the claim. */
  void end() throws IOException {
    OPEN_HERE.remove(key);
    if (registered != null) {
      registered.acquiredBy().close();
    }
  }

  DirectoryHandle directory() {
    return directory;
  }

  /**
   * Locks the directory exclusively for this process.
   *
   * @throws LockedStoreException if a store has it
   */
  HolderFiles lock() throws IOException {
    HolderFile file = HolderFile.open(directory, HolderFiles.LOCK);
    try {
      SystemLock lock = SystemLock.take(file.channel());
      if (lock == null) {
        throw inUse(file.read());
      }
      refuseLiving(file.read());
      refuseLiving(ownerText(directory));
      return new HolderFiles(directory, self, file, lock);
    } catch (OverlappingFileLockException e) {
      throw keep(file.channel());
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /**
   * Prevents all processes from locking the directory, and changes nothing in it.
   *
   * @return null if no store was ever open there: it is a copy, perhaps on read-only media
   * @throws LockedStoreException if a store has it
   */
  @Nullable FileLock lockForReading() throws IOException {
    refuseLiving(ownerText(directory));
    FileChannel channel;
    try {
      channel = directory.open(HolderFiles.LOCK, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
      if (lock == null) {
        throw inUse(HolderFile.read(channel));
      }
      refuseLiving(HolderFile.read(channel));
      return lock;
    } catch (OverlappingFileLockException e) {
      throw keep(channel);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Keeps a channel open: closing it would release the lock that another class loader of this
   * process has.
   */
  private LockedStoreException keep(FileChannel channel) {
    SystemLock.keep(channel);
    return new LockedStoreException(
        directory.path() + " is already open in this process, in another class loader");
  }

  private LockedStoreException inUse(String text) {
    String line = line(text);
    return new LockedStoreException(
        directory.path() + " is in use by " + (line.isEmpty() ? "another process" : line));
  }

  /** Rejects a directory whose lock is free but whose holder is alive. */
  private void refuseLiving(String text) {
    Holder holder = Holder.parse(text);
    long end = System.nanoTime() + EXIT_MILLIS * 1_000_000;
    while (holder != null && holder.isAliveElsewhere(self)) {
      if (System.nanoTime() > end) {
        throw inUse(text);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(EXIT_POLL_MILLIS);
    } catch (InterruptedException e) {
      // This thread belongs to the store: an interrupt has no meaning here.
    }
  }

  private static String line(String text) {
    return text.lines().findFirst().orElse("").strip();
  }

  private static String ownerText(DirectoryHandle directory) throws IOException {
    try (FileChannel channel = directory.open(HolderFiles.OWNER, StandardOpenOption.READ)) {
      return HolderFile.read(channel);
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
