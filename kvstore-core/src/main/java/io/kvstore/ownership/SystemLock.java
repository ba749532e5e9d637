package io.kvstore.ownership;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's lock on a file, in two halves of one byte each, behind any text: a store
 * has both. POSIX silently releases a lock when the process closes any descriptor of the file,
 * whoever has opened it; so the halves are renewed in turn, and a half that was not lost is never
 * free. Used on threads of the store, one at a time.
 */
final class SystemLock {
  private static final long[] PLACES = {1 << 20, (1 << 20) + 1};

  /**
   * Channels that must stay open because closing them would release a lock of another class loader
   * of this process.
   */
  @GuardedBy("KEPT")
  private static final List<FileChannel> KEPT = new ArrayList<>();

  private final FileChannel channel;
  private final @Nullable FileLock[] halves = new FileLock[PLACES.length];
  private int last;

  private SystemLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Acquires the lock on an open file; returns null if another process has it.
   *
   * @throws OverlappingFileLockException if this process has it: the channel must not be closed
   *     then, but {@linkplain #keep kept}
   */
  static @Nullable SystemLock take(FileChannel channel) throws IOException {
    SystemLock lock = new SystemLock(channel);
    boolean isWhole = false;
    try {
      isWhole = lock.takeHalf(0) && lock.takeHalf(1);
    } finally {
      if (!isWhole) {
        lock.release(); // the channel may have to be kept
      }
    }
    return isWhole ? lock : null;
  }

  /** Keeps a channel open for as long as these classes are loaded. */
  static void keep(FileChannel channel) {
    synchronized (KEPT) {
      KEPT.add(channel);
    }
  }

  private boolean takeHalf(int i) throws IOException {
    halves[i] = channel.tryLock(PLACES[i], 1, false);
    return halves[i] != null;
  }

  /** Renews one half: a missing one, or the one that has been held longer. */
  void renew() throws IOException {
    int i = halves[0] == null ? 0 : halves[1] == null ? 1 : 1 - last;
    FileLock half = halves[i];
    if (half != null) {
      halves[i] = null;
      half.release();
    }
    last = i;
    try {
      boolean unused = takeHalf(i); // another holder is only checking the text, and will release it
    } catch (OverlappingFileLockException e) {
      // another class loader of this process has it too
    }
  }

  private void release() throws IOException {
    for (FileLock half : halves) {
      if (half != null) {
        half.release();
      }
    }
  }
}
