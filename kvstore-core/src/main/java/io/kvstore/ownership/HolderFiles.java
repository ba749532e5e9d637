package io.kvstore.ownership;

import io.kvstore.platform.StoreLogger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The files {@code lock} and {@code owner} of an owned directory. Both name the holder, so that
 * each is evidence if the other is damaged: an opening writes both, so as long as one still has our
 * text, no other opening has taken the directory, and the damaged file is written again. Used on
 * threads of the store, one at a time; only {@link #isUntouched} and {@link #isLockUntouched} are
 * thread-safe.
 */
final class HolderFiles {
  static final Path LOCK = Path.of("lock");
  static final Path OWNER = Path.of("owner");

  private final DirectoryHandle directory;
  private final Path lockPath;
  private final Path ownerPath;
  private final Holder self;
  private SystemLock systemLock;
  private volatile HolderFile lock;

  /**
   * The file {@code owner}; null before it is written, or if the disk was too full to create it.
   */
  private volatile @Nullable HolderFile owner;

  private boolean hasWarned;

  HolderFiles(DirectoryHandle directory, Holder self, HolderFile lock, SystemLock systemLock) {
    this.directory = directory;
    this.lockPath = directory.path().resolve(LOCK);
    this.ownerPath = directory.path().resolve(OWNER);
    this.self = self;
    this.lock = lock;
    this.systemLock = systemLock;
  }

  /** Writes the text to the file {@code lock}, if the disk has room for it. */
  void writeLock() {
    write(LOCK, lock);
  }

  /** Writes the file {@code owner}, if the disk has room for it. */
  void writeOwner() {
    mendOwner();
  }

  private void write(Path name, HolderFile file) {
    try {
      file.write(self.text(), directory, name);
    } catch (IOException e) {
      warn(name, e);
    }
  }

  /**
   * Logs a write error, once. It is not a reason to reject the opening: the lock itself is held.
   */
  private void warn(Path name, IOException e) {
    if (!hasWarned) {
      hasWarned = true;
      StoreLogger.get()
          .log(
              System.Logger.Level.WARNING,
              "can't write {0}, which names the process that has the store open: {1}",
              directory.path().resolve(name),
              e);
    }
  }

  // ---- thread-safe checks

  /** Returns whether both files are unchanged since the last check. */
  boolean isUntouched() {
    HolderFile known = owner;
    return isLockUntouched() && (known == null || isUntouched(ownerPath, known));
  }

  /**
   * Returns whether the path still leads to the file {@code lock}, unchanged since the last check.
   */
  boolean isLockUntouched() {
    return isUntouched(lockPath, lock);
  }

  private static boolean isUntouched(Path path, HolderFile file) {
    try {
      Stamp now = Stamp.of(path);
      return now != null && now.isSame(file.stamp());
    } catch (IOException e) {
      return false;
    }
  }

  // ---- full check

  /**
   * The result of the check of a file.
   *
   * @param isOurs whether it is the file of this opening, unchanged
   * @param other the other opening whose text it has, or null
   */
  private record FileCheck(boolean isOurs, @Nullable Holder other) {}

  /**
   * Returns the reason why the directory must be considered lost, or null if no other opening has
   * taken it.
   */
  @Nullable String loss() throws IOException {
    FileCheck inLock = check(LOCK, lock);
    HolderFile known = owner;
    FileCheck inOwner = known == null ? new FileCheck(false, null) : check(OWNER, known);
    Holder other = inLock.other() == null ? inOwner.other() : inLock.other();
    if (other != null) {
      return "it was taken over by " + other.line();
    }
    return inLock.isOurs() || inOwner.isOurs()
        ? null
        : "its files lock and owner were deleted or overwritten";
  }

  private FileCheck check(Path name, HolderFile file) throws IOException {
    Stamp now = directory.stamp(name);
    boolean isSame = file.isSameFile(now);
    if (now != null && now.isSame(file.stamp())) {
      return new FileCheck(true, null);
    }
    String text = isSame ? file.read() : now == null ? "" : read(name);
    if (isSame && now != null && text.equals(self.text())) {
      file.touched(now);
      return new FileCheck(true, null);
    }
    Holder holder = Holder.parse(text);
    boolean isOther = holder != null && !holder.text().equals(self.text());
    return new FileCheck(false, isOther ? holder : null);
  }

  /** Reads a file other than the locked one, so that closing it releases no lock. */
  private String read(Path name) throws IOException {
    try (FileChannel channel = directory.open(name, StandardOpenOption.READ)) {
      return HolderFile.read(channel);
    }
  }

  // ---- repair

  /**
   * Restores damaged files, after {@link #loss} has found that no other opening has taken the
   * directory.
   */
  void restore() throws IOException {
    if (!isUntouched(lockPath, lock)) {
      mendLock();
    } else if (!lock.holds(self.text())) {
      write(LOCK, lock);
    }
    HolderFile known = owner;
    if (known == null || !isUntouched(ownerPath, known) || !known.holds(self.text())) {
      mendOwner();
    }
    systemLock.renew();
  }

  private void mendLock() throws IOException {
    if (lock.isSameFile(directory.stamp(LOCK)) || relock()) {
      write(LOCK, lock);
      mended(LOCK);
    }
  }

  /** Locks the file that has replaced the locked one; returns whether it could. */
  private boolean relock() throws IOException {
    HolderFile found = HolderFile.open(directory, LOCK);
    boolean isKept = false;
    boolean isOurs = false;
    try {
      SystemLock taken = SystemLock.take(found.channel());
      HolderFile known = owner;
      // From here on no other process can take the directory; one may have before.
      if (taken != null && known != null && check(OWNER, known).isOurs()) {
        isOurs = true;
        lock.close();
        lock = found;
        systemLock = taken;
      }
    } catch (OverlappingFileLockException e) {
      isKept = true;
      SystemLock.keep(found.channel());
    } finally {
      if (!isOurs && !isKept) {
        found.close();
      }
    }
    return isOurs;
  }

  private void mendOwner() {
    HolderFile known = owner;
    try {
      HolderFile file = known;
      if (file == null || !file.isSameFile(directory.stamp(OWNER))) {
        file = HolderFile.open(directory, OWNER);
        owner = file;
        if (known != null) {
          known.close();
        }
      }
      boolean isNew = known == null || !known.holds(self.text());
      file.write(self.text(), directory, OWNER);
      if (!isNew) {
        mended(OWNER);
      }
    } catch (IOException e) {
      warn(OWNER, e);
    }
  }

  private void mended(Path name) {
    StoreLogger.get()
        .log(
            System.Logger.Level.WARNING,
            "{0} was deleted or changed while the store is open: it has been restored",
            directory.path().resolve(name));
  }

  /** Clears the texts that are still ours, and releases the lock. */
  void close() throws IOException {
    HolderFile known = owner;
    try {
      lock.clear();
      if (known != null && known.isUnchanged()) {
        known.clear();
        if (directory.isSafe() && known.isSameFile(directory.stamp(OWNER))) {
          directory.delete(OWNER);
        }
      }
    } catch (IOException e) {
      // Other processes stay locked out while this process lives, which is better than a failing
      // close.
      warn(OWNER, e);
    } finally {
      try {
        if (known != null) {
          known.close();
        }
      } finally {
        lock.close();
      }
    }
  }
}
