package io.kvstore.ownership;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a store that is read only has while another store may write: files that it has mapped are
 * not used for anything else meanwhile. It changes nothing in the directory.
 */
public final class ReaderLock implements Closeable {
  /** A store is alone for the time of one renaming. */
  private static final long MAX_WAIT_NANOS = 10_000_000_000L;

  private final Path directory;
  private final @Nullable ReadersFile file;
  private final @Nullable FileLock lock;

  private ReaderLock(Path directory, @Nullable ReadersFile file, @Nullable FileLock lock) {
    this.directory = directory;
    this.file = file;
    this.lock = lock;
  }

  /**
   * Locks a directory before its files are opened. To be called on a thread of the store.
   *
   * @throws IOException if a store keeps it from being locked for long
   */
  public static ReaderLock on(Path directory) throws IOException {
    ReadersFile file = ReadersFile.open(directory);
    if (file == null) {
      return new ReaderLock(directory, null, null);
    }
    try {
      return new ReaderLock(directory, file, lock(file, directory));
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private static @Nullable FileLock lock(ReadersFile file, Path directory) throws IOException {
    long end = System.nanoTime() + MAX_WAIT_NANOS;
    while (System.nanoTime() - end < 0) {
      FileLock lock;
      try {
        lock = file.tryShared();
      } catch (IOException e) {
        return null; // no locks here: so nobody can be alone
      }
      if (lock != null) {
        return lock;
      }
      pause();
    }
    throw new IOException(
        "can't lock " + directory.resolve(Ownership.READERS) + ": another process has it for long");
  }

  private static void pause() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      // This thread is the store's: no interrupt has a meaning here.
    }
  }

  /**
   * Tells whether the files that have been opened since are safe: if not, a store has begun to use
   * files again meanwhile, and all is to be done once more.
   */
  public boolean isEffective() {
    return file != null || !Files.exists(directory.resolve(Ownership.READERS));
  }

  @Override
  public void close() throws IOException {
    try {
      if (lock != null) {
        lock.release();
      }
    } finally {
      if (file != null) {
        file.close();
      }
    }
  }
}
