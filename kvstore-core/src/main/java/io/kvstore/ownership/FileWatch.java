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
 * Looks whether the files that a store can't do without are still there, and still the same. As
 * long as no name in the directory changes, that is one look at the directory.
 */
final class FileWatch {
  /** The next look may come once the last one is so many times as long ago as it took. */
  private static final int REST = 100;

  /** Two changes closer to each other may have the same time. */
  private static final long CLOCK_MILLIS = 100;

  private final DirectoryHandle directory;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<Path> watched = new HashSet<>();

  /** Those of them that are there, as they were put in their place. */
  @GuardedBy("lock")
  private final Map<Path, Stamp> known = new HashMap<>();

  @GuardedBy("lock")
  private Ownership.@Nullable MissingFile others;

  /** When a name had been changed last when all was well; null if that has to be found out. */
  private volatile @Nullable FileTime lastChange;

  private volatile long restUntil = System.nanoTime();

  FileWatch(DirectoryHandle directory) {
    this.directory = directory;
  }

  /** Looks after some files, as soon as they are there, and after others that come and go. */
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

  /** Puts another file in the place of one, while nobody looks. */
  void move(Path name, Path to) throws IOException {
    lock.lock();
    try {
      directory.move(name, to);
      note(to);
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether there is something to find out. */
  boolean hasChanged() throws IOException {
    Stamp now = Stamp.of(directory.path());
    return now == null || !now.modified().equals(lastChange);
  }

  /** Tells whether it has been long enough, so that looking takes little of all time. */
  boolean isRested() {
    return System.nanoTime() - restUntil >= 0;
  }

  /** Returns a file that was deleted or replaced by somebody else, or null. */
  @Nullable Path findMissing() throws IOException {
    lock.lock();
    try {
      Stamp now = Stamp.of(directory.path());
      if (now == null || now.modified().equals(lastChange)) {
        return null;
      }
      long start = System.nanoTime();
      Path missing = look();
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
  private @Nullable Path look() throws IOException {
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
