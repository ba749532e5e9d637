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
 * has both. POSIX gives a lock up, and says nothing, when the process closes any descriptor of the
 * file, whoever has opened it; so the halves are taken anew by turns, and never is either free that
 * was not lost. To be used on threads of the store, one at a time.
 */
final class SystemLock {
  private static final long[] PLACES = {1 << 20, (1 << 20) + 1};

  /** Channels whose closing would give up a lock that other classes of this process have. */
  @GuardedBy("KEPT")
  private static final List<FileChannel> KEPT = new ArrayList<>();

  private final FileChannel channel;
  private final @Nullable FileLock[] halves = new FileLock[PLACES.length];
  private int last;

  private SystemLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Returns a lock on an open file, or null if another process has one.
   *
   * @throws OverlappingFileLockException if this process has one: the channel must not be closed
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

  /** Takes one half anew: one that is missing, or the one that has been held longer. */
  void renew() throws IOException {
    int i = halves[0] == null ? 0 : halves[1] == null ? 1 : 1 - last;
    FileLock half = halves[i];
    if (half != null) {
      halves[i] = null;
      half.release();
    }
    last = i;
    try {
      boolean unused = takeHalf(i); // who else has it is looking at the text, and gives it back
    } catch (OverlappingFileLockException e) {
      // so do other classes of this process
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
