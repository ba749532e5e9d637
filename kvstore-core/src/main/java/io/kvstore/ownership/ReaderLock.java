package io.kvstore.ownership;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a read-only store: while it is held, a writing store does not reuse files that the
 * reader may have mapped. It changes nothing in the directory.
 */
public final class ReaderLock implements Closeable {
  /**
   * The time limit for the lock: a writing store holds the exclusive lock only for one renaming.
   */
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
   * Locks a directory before its files are opened. Called on a thread of the store.
   *
   * @throws IOException if a store holds the exclusive lock for too long
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
        return null; // no locks on this system, so no store can have the exclusive one
      }
      if (lock != null) {
        return lock;
      }
      pause();
    }
    throw new IOException(
        "can't lock "
            + directory.resolve(Ownership.READERS)
            + ": another process has held it for too long");
  }

  private static void pause() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      // This thread belongs to the store: an interrupt has no meaning here.
    }
  }

  /**
   * Returns whether the files that were opened since are protected: if not, a store has begun to
   * reuse files meanwhile, and opening has to start over.
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
