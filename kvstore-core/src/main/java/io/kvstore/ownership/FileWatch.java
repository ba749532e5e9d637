package io.kvstore.ownership;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The check that the files that a store needs are still there and unchanged. As long as no name in
 * the directory changes, it takes one system call on the directory.
 */
final class FileWatch {
  /** The minimum pause between two checks, as a multiple of the duration of a check. */
  private static final int REST = 100;

  /** The resolution of file times: two changes closer to each other may have the same time. */
  private static final long CLOCK_MILLIS = 100;

  private final DirectoryHandle directory;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<Path> watched = new HashSet<>();

  /** The existing files, as they were put in place. */
  @GuardedBy("lock")
  private final Map<Path, Stamp> known = new HashMap<>();

  @GuardedBy("lock")
  private Ownership.@Nullable MissingFile others;

  /** The modification time of the directory at the last successful check; null if not known. */
  private volatile @Nullable FileTime lastChange;

  private volatile long restUntil = System.nanoTime();

  FileWatch(DirectoryHandle directory) {
    this.directory = directory;
  }

  /** Starts to watch some files, as soon as they exist, and others that are created and deleted. */
  void start(Set<Path> names, Ownership.MissingFile more) throws IOException {
    lock.lock();
    try {
      watched.addAll(names);
      for (Path name : names) {
        note(name);
      }
      others = more;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void note(Path name) throws IOException {
    Stamp now = watched.contains(name) ? directory.stamp(name) : null;
    if (now != null) {
      known.put(name, now);
    }
  }

  /** Replaces a file, while no check runs. */
  void move(Path name, Path to) throws IOException {
    lock.lock();
    try {
      directory.move(name, to);
      note(to);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a check is necessary. */
  boolean hasChanged() throws IOException {
    Stamp now = Stamp.of(directory.path());
    return now == null || !now.modified().equals(lastChange);
  }

  /**
   * Returns whether the last check is long enough ago, so that checks take a small share of the
   * time.
   */
  boolean isRested() {
    return System.nanoTime() - restUntil >= 0;
  }

  /** Returns a file that was deleted or replaced by another process, or null. */
  @Nullable Path findMissing() throws IOException {
    lock.lock();
    try {
      Stamp now = Stamp.of(directory.path());
      if (now == null || now.modified().equals(lastChange)) {
        return null;
      }
      long start = System.nanoTime();
      Path missing = check();
      long end = System.nanoTime();
      restUntil = end + REST * (end - start);
      boolean isOld = System.currentTimeMillis() - now.modified().toMillis() > CLOCK_MILLIS;
      lastChange = missing == null && isOld ? now.modified() : null;
      return missing;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private @Nullable Path check() throws IOException {
    for (Map.Entry<Path, Stamp> each : known.entrySet()) {
      if (!each.getValue().isSameFile(directory.stamp(each.getKey()))) {
        return each.getKey();
      }
    }
    Ownership.MissingFile more = others;
    Path missing = more == null ? null : more.find();
    return missing == null ? null : missing.getFileName();
  }
}
