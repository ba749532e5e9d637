package io.kvstore.ownership;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreLogger;
import io.kvstore.platform.StoreThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sole ownership of a directory: taken when a store is opened, looked at while it runs, and given
 * back when it is closed. Once it is lost it stays so, and the store must not write any more.
 *
 * <p>Others are kept out by the {@link Claim} within the process, by the {@link SystemLock} on the
 * file {@code lock}, and by the {@link Holder} whom this file and {@code owner} name. Each holds
 * where another fails: the lock is lost when anything in the process reads the file, and with the
 * file deleted nobody meets it.
 */
public final class Ownership {
  /** The file that readers lock. */
  static final Path READERS = Path.of("readers");

  private final DirectoryHandle directory;
  private final Claim claim;
  private final HolderFiles files;
  private final FileWatch watch;

  /** Null as long as no file has been given another use. */
  @GuardedBy("this")
  private @Nullable ReaderGate gate;

  private final ReentrantLock lock = new ReentrantLock();

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
   * Takes a directory, which exists. To be called on a thread of the store.
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
   * Has the second file name the holder too. An opening does so once it has succeeded: one that is
   * refused leaves what it has found.
   */
  public void complete() {
    lock.lock();
    try {
      files.writeOwner();
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether an opening that ended early may have left a file of that name. */
  public static boolean isFile(String name) {
    return name.equals(HolderFiles.LOCK.toString())
        || name.equals(HolderFiles.OWNER.toString())
        || name.equals(READERS.toString());
  }

  /**
   * Returns a storage that changes nothing in another directory, nor in this one once it is lost.
   */
  public Storage guard(Storage storage) {
    return new OwnedStorage(this, directory, watch, storage);
  }

  /** Finds a file that should be there and is not, or is another. */
  @FunctionalInterface
  public interface MissingFile {
    /** Returns one, or null. */
    @Nullable Path find() throws IOException;
  }

  /**
   * Takes the directory for lost from now on if a file in it is deleted or replaced other than
   * through the storage: it is not the store's alone then.
   *
   * @param names of files that are only ever replaced, some of which may still be missing
   * @param others asked for files that come and go
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

  /** Returns what knows of readers. */
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

  /** Has somebody told of the loss, once; at once if there is one already. */
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

  // ---- looking

  /**
   * Makes sure that the path still leads to the directory, and that nobody else has taken it:
   * before anything is created, replaced or deleted by path. From any thread.
   *
   * @throws IOException if it is lost
   */
  public void require() throws IOException {
    if (loss != null || !directory.isInPlace() || !files.isUntouched()) {
      examine();
    }
  }

  /**
   * Makes sure of the same, and that all files are there.
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
   * Does the same as {@link #require} before a sync, by one system call. What it does not see is a
   * directory made of links to the same files; {@link #look} does.
   *
   * @throws IOException if it is lost
   */
  public void requireBeforeSync() throws IOException {
    if (loss != null || !files.isLockUntouched()) {
      examine();
    }
  }

  /** Does the same before a file is opened that is there, or nothing where there are many. */
  void requireBeforeOpen() throws IOException {
    if (loss != null || (openLooks.isDue() && !files.isLockUntouched())) {
      examine();
    }
  }

  /**
   * Looks closely, and looks after what is owned: mends what was damaged, and takes the system's
   * lock anew. For now and then, on a thread of the store; a loss is told to who wants to know.
   */
  public void look() {
    lock.lock();
    try {
      if (!isClosed && (watch.isRested() ? findLoss() : findOwnLoss()) == null) {
        files.mend();
      }
    } catch (IOException e) {
      // The disk is full, perhaps; the next look may do better.
      StoreLogger.get().log(System.Logger.Level.DEBUG, "can't mend " + directory.path(), e);
    } finally {
      lock.unlock();
    }
  }

  /** Not on the caller's thread, whose interrupt would close the files. */
  private void examine() throws IOException {
    IOException found;
    try {
      found = StoreThread.call("owner", directory.path(), this::findLossLocked);
    } catch (ExecutionException e) {
      throw new IOException("can't look after " + directory.path() + ": " + e.getCause(), e);
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

  // ---- giving it back

  /** Gives the directory back, all of it even if a part fails. On a thread of the store. */
  public void close() throws IOException {
    lock.lock();
    try {
      if (isClosed) {
        return;
      }
      isClosed = true;
    } finally {
      lock.unlock();
    }
    try {
      files.close();
    } finally {
      try {
        claim.end();
      } finally {
        try {
          closeGate();
        } finally {
          directory.close();
        }
      }
    }
  }
}
