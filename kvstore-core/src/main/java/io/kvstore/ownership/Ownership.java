package io.kvstore.ownership;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreLogger;
import io.kvstore.platform.StoreThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive ownership of a directory: acquired when a store is opened, checked while it runs,
 * and released when it is closed. Once lost it stays lost, and the store must not write any more.
 *
 * <p>Others are locked out by the {@link Claim} within the process, by the {@link SystemLock} on
 * the file {@code lock}, and by the {@link Holder} that this file and {@code owner} name. Each
 * covers a failure of another: the lock is lost when anything in the process reads the file, and if
 * the file is deleted, others lock a new one.
 */
public final class Ownership {
  private static final int RELEASE_STEPS = 4;

  /** How many errors end a release: memory may be short for a moment. */
  private static final int MAX_ERRORS = 10;

  /** The file that read-only stores lock. */
  static final Path READERS = Path.of("readers");

  private final DirectoryHandle directory;
  private final Claim claim;
  private final HolderFiles files;
  private final FileWatch watch;

  /** Null until the first file is reused. */
  @GuardedBy("this")
  private @Nullable ReaderGate gate;

  private final ReentrantLock lock = new ReentrantLock();

  /** The steps of {@link #close} that are done; of the thread that closes. */
  private int released;

  @GuardedBy("lock")
  private @Nullable Consumer<IOException> onLoss;

  @GuardedBy("lock")
  private boolean isClosed;

  private volatile @Nullable IOException loss;

  private final LookRate openLooks = new LookRate();

  private Ownership(Claim claim, HolderFiles files) {
    this.directory = claim.directory();
    this.claim = claim;
    this.files = files;
    this.watch = new FileWatch(directory);
  }

  /**
   * Acquires an existing directory. Called on a thread of the store.
   *
   * @throws io.kvstore.LockedStoreException if a store has it
   */
  public static Ownership of(Path path) throws IOException {
    DirectoryHandle directory = DirectoryHandle.open(path);
    try {
      Claim claim = Claim.on(directory);
      try {
        return locked(claim);
      } catch (Throwable e) {
        claim.end();
        throw e;
      }
    } catch (Throwable e) {
      directory.close();
      throw e;
    }
  }

  private static Ownership locked(Claim claim) throws IOException {
    HolderFiles files = claim.lock();
    try {
      files.writeLock();
      return new Ownership(claim, files);
    } catch (Throwable e) {
      files.close();
      throw e;
    }
  }

  /**
   * Writes the holder to the second file too. An opening does so once it has succeeded: a rejected
   * one leaves the file as it was.
   */
  public void complete() {
    lock.lock();
    try {
      files.writeOwner();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether an opening that ended early may have left a file of that name. */
  public static boolean isFile(String name) {
    return name.equals(HolderFiles.LOCK.toString())
        || name.equals(HolderFiles.OWNER.toString())
        || name.equals(READERS.toString());
  }

  /** Returns a storage that never changes another directory, nor this one once it is lost. */
  public Storage guard(Storage storage) {
    return new OwnedStorage(this, directory, watch, storage);
  }

  /** A check for a missing or replaced file. */
  @FunctionalInterface
  public interface MissingFile {
    /** Returns a missing or replaced file, or null. */
    @Nullable Path find() throws IOException;
  }

  /**
   * Starts to watch files: from now on the directory is considered lost if one is deleted or
   * replaced other than through the storage, since then it is not exclusive.
   *
   * @param names the names of files that are only ever replaced, some of which may still be missing
   * @param others the check of files that are created and deleted
   */
  public void watch(Set<String> names, MissingFile others) throws IOException {
    Set<Path> paths = new HashSet<>();
    for (String name : names) {
      paths.add(Path.of(name));
    }
    watch.start(paths, others);
    if (directory.stamp(READERS) == null) {
      gate().prepare();
    }
  }

  /** Returns the reader gate. */
  synchronized ReaderGate gate() {
    ReaderGate known = gate;
    if (known == null) {
      known = new ReaderGate(directory);
      gate = known;
    }
    return known;
  }

  private synchronized void closeGate() throws IOException {
    if (gate != null) {
      gate.close();
    }
  }

  /**
   * Sets the callback for the loss, which is called once; at once if the directory is already lost.
   */
  public void onLoss(Consumer<IOException> told) {
    lock.lock();
    try {
      onLoss = told;
    } finally {
      lock.unlock();
    }
    IOException known = loss;
    if (known != null) {
      told.accept(known);
    }
  }

  // ---- checks

  /**
   * Requires that the path still leads to the directory, and that no other opening has taken it;
   * called before anything is created, replaced or deleted by path. Thread-safe.
   *
   * @throws IOException if it is lost
   */
  public void require() throws IOException {
    if (loss != null || !directory.isInPlace() || !files.isUntouched()) {
      examine();
    }
  }

  /**
   * Requires the same, and that all watched files are there.
   *
   * @throws IOException if it is lost
   */
  public void requireAll() throws IOException {
    require();
    if (watch.hasChanged()) {
      examine();
    }
  }

  /**
   * Does the same as {@link #require} before a sync, with one system call. It does not detect a
   * directory of hard links to the same files; {@link #look} does.
   *
   * @throws IOException if it is lost
   */
  public void requireBeforeSync() throws IOException {
    if (loss != null || !files.isLockUntouched()) {
      examine();
    }
  }

  /** Does the same before an existing file is opened; rate-limited, since there may be many. */
  void requireBeforeOpen() throws IOException {
    if (loss != null || (openLooks.isDue() && !files.isLockUntouched())) {
      examine();
    }
  }

  /**
   * Runs the full check: restores damaged holder files and renews the system's lock. Called
   * periodically on a thread of the store; a loss is reported to the callback.
   */
  public void look() {
    lock.lock();
    try {
      if (!isClosed && (watch.isRested() ? findLoss() : findOwnLoss()) == null) {
        files.restore();
      }
    } catch (IOException e) {
      // Perhaps the disk is full; the next check may succeed.
      StoreLogger.get()
          .log(System.Logger.Level.DEBUG, "can't restore the lock files of " + directory.path(), e);
    } finally {
      lock.unlock();
    }
  }

  /** Runs the check on another thread, since an interrupt of the caller would close the files. */
  private void examine() throws IOException {
    IOException found;
    try {
      found =
          StoreThread.call(
              "owner",
              directory.path(),
              new Callable<>() {
                @Override
                public @Nullable IOException call() throws IOException {
                  return findLossLocked();
                }
              });
    } catch (ExecutionException e) {
      throw new IOException(
          "can't check the ownership of " + directory.path() + ": " + e.getCause(), e);
    }
    if (found != null) {
      throw new IOException(found.getMessage(), found);
    }
  }

  private @Nullable IOException findLossLocked() throws IOException {
    lock.lock();
    try {
      return findLoss();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private @Nullable IOException findLoss() throws IOException {
    if (findOwnLoss() == null && !isClosed) {
      Path missing = watch.findMissing();
      if (missing != null) {
        lose("its file " + missing + " was deleted or replaced");
      }
    }
    return loss;
  }

  @GuardedBy("lock")
  private @Nullable IOException findOwnLoss() throws IOException {
    if (loss == null && !isClosed) {
      String why = directory.isInPlace() ? files.loss() : "it was renamed, removed or replaced";
      if (why != null) {
        lose(why);
      }
    }
    return loss;
  }

  @GuardedBy("lock")
  private void lose(String why) {
    IOException found = new IOException(directory.path() + " is not this store's any more: " + why);
    loss = found;
    if (onLoss != null) {
      onLoss.accept(found);
    }
  }

  // ---- release

  /**
   * Releases the directory, completely even if a part fails: a step that an Error ends is repeated.
   * Called on a thread of the store; a second call does what the first has left.
   */
  public void close() throws IOException {
    lock.lock();
    try {
      isClosed = true;
    } finally {
      lock.unlock();
    }
    IOException failed = null;
    int errors = 0;
    while (released < RELEASE_STEPS) {
      try {
        release(released);
        released++;
      } catch (IOException e) {
        failed = failed == null ? e : failed;
        released++;
      } catch (Throwable e) {
        errors++;
        if (errors == MAX_ERRORS) {
          throw e;
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private void release(int step) throws IOException {
    switch (step) {
      case 0 -> files.close();
      case 1 -> claim.end();
      case 2 -> closeGate();
      default -> directory.close();
    }
  }
}
