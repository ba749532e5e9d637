package io.kvstore.directory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.KvStoreException;
import io.kvstore.codec.kryo.SchemaStore;
import io.kvstore.log.Log;
import io.kvstore.log.LogTail;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreLogger;
import io.kvstore.platform.StoreThread;
import io.kvstore.recovery.LogOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The history of an open store: which opening has written which versions. Each opening for writing
 * begins a {@link Branch}, so a version and the id of its branch identify one change for ever, also
 * in copies and backups and after power cuts: no other store, and no other state of this one, has
 * both.
 *
 * <p>The branch is on the disk before the first write of its opening enters the log; an opening
 * that writes nothing leaves the file as it is. Nothing else needs the file: if it can't be
 * written, the store opens and writes all the same.
 */
public final class StoreHistory implements WriterTags {
  /** The time after which a write tries again to write the file, if that has failed. */
  private static final long RETRY_NANOS = 1_000_000_000L;

  /** Null for a store in memory. */
  private final @Nullable FoundHistory found;

  private final long newId = newId();
  private volatile Branches branches;
  private volatile BranchIndex index;
  private volatile long retryAt = System.nanoTime();
  private volatile boolean hasWarned;

  /** The tag of this opening once the file has its branch; 0 before. */
  private volatile int own;

  /** Null before {@link #begin}, and for a store in memory. */
  @GuardedBy("this")
  private @Nullable Target target;

  @GuardedBy("this")
  private boolean closed;

  private volatile @Nullable Runnable beforeFirstWrite;

  /** Where the file is written to, and the parts of the store that it describes. */
  private record Target(Path directory, Storage storage, SchemaStore schemas, Log log) {}

  private StoreHistory(@Nullable FoundHistory found, Branches branches) {
    this.found = found;
    this.branches = branches;
    this.index = BranchIndex.of(branches);
  }

  /** Returns the history of a store in memory. */
  public static StoreHistory inMemory() {
    Branch only = new Branch(newId(), 0, Branch.Cause.CREATED);
    return new StoreHistory(null, Branches.NONE.with(only));
  }

  /** Returns the history of a store in a directory, as it was found. */
  public static StoreHistory of(FoundHistory found) {
    return new StoreHistory(found, found.branches());
  }

  /** Sets an action that a thread of the store runs before its first write, perhaps repeatedly. */
  public void beforeFirstWrite(Runnable action) {
    beforeFirstWrite = action;
  }

  /** Begins the branch of this opening, in memory. */
  public void begin(LogOpening.Opened opened, SchemaStore schemas, Storage storage) {
    FoundHistory before = found;
    if (before == null) {
      return;
    }
    FoundHistory.RecoveredEnd log = FoundHistory.RecoveredEnd.of(opened);
    Branches all = before.continuedBy(log, newId());
    long from = all.isEmpty() ? 0 : log.sequence();
    branches = all.with(new Branch(newId, from, before.cause(log, all)));
    index = BranchIndex.of(branches);
    synchronized (this) {
      target = new Target(before.directory(), storage, schemas, opened.log());
    }
  }

  /**
   * Draws an id: from the time, to the nanosecond, which costs an opening less than a secure random
   * number.
   */
  private static long newId() {
    return new SplittableRandom().nextLong();
  }

  /** See {@link Branches#id}. */
  public long id() {
    return branches.id();
  }

  /** See {@link BranchIndex#idOf}. */
  public long idOf(long version) {
    return index.idOf(version);
  }

  // ---- tags

  @Override
  public int own() {
    return own;
  }

  @Override
  public boolean isKnown(int tag) {
    return tag != 0 && branches.hasTag(tag);
  }

  @Override
  public LogTail left() {
    return found == null ? LogTail.NONE : found.tail();
  }

  @Override
  public int claim() {
    return System.nanoTime() - retryAt < 0 ? own : claimNow();
  }

  /** Claims the tag even if that has failed less than a second ago. */
  public int claimNow() {
    if (own != 0 || found == null) {
      return own;
    }
    try {
      return StoreThread.callByAllMeans(
          "history",
          found.directory(),
          new Callable<>() {
            @Override
            public Integer call() throws IOException {
              return save();
            }
          });
    } catch (ExecutionException e) {
      warn(found.directory(), e.getCause());
      retryAt = System.nanoTime() + RETRY_NANOS;
      return 0;
    }
  }

  // ---- the file

  /** Writes the file with the branch of this opening; returns 0 if it is too late for that. */
  private synchronized int save() throws IOException {
    Runnable before = beforeFirstWrite;
    if (before != null) {
      before.run();
    }
    Target to = target;
    if (own == 0 && to != null && !closed) {
      write(to, HistoryFile.OPEN);
      own = new Branch(newId, 0, Branch.Cause.OPENED).tag();
    }
    return own;
  }

  private void write(Target to, long closed) throws IOException {
    HistoryFile.Schemas lines = HistoryFile.Schemas.of(to.schemas.read());
    LogTail tail = LogTail.of(to.log);
    new HistoryFile(owner(), HistoryFile.NO_INODE, tail, lines, closed, branches.list())
        .write(to.directory, to.storage);
  }

  private long owner() {
    return found == null ? 0 : found.owner();
  }

  /**
   * Writes the end of the log into the file, if this opening has written it and the store was
   * closed without a failure; from then on the file stays as it is.
   */
  public synchronized void close(boolean isWhole) {
    Target to = closed ? null : target;
    closed = true;
    if (isWhole && own != 0 && to != null) {
      try {
        write(to, to.log.sequence());
      } catch (IOException e) {
        warn(to.directory, e);
      }
    }
  }

  /** Logs one warning for each opening. */
  private void warn(Path directory, @Nullable Throwable e) {
    if (hasWarned) {
      return;
    }
    hasWarned = true;
    StoreLogger.get()
        .log(System.Logger.Level.WARNING, "can't write " + directory.resolve(HistoryFile.FILE), e);
  }

  // ---- backups

  /**
   * Rejects the replacement of a backup by one of a store that does not continue it.
   *
   * @param reached the last change in the backup
   * @param sequence the last change in the store
   * @return whether the backup has a history; backups of format 2 do not
   */
  public boolean requireGoesOnFrom(Path backup, long reached, long sequence) throws IOException {
    HistoryFile known = HistoryFile.read(backup);
    String why =
        known == null ? null : branches.whyNotFrom(new Branches(known.branches()), reached);
    if (why == null && reached > sequence) {
      why = "it has changes up to " + reached + ", and the store up to " + sequence;
    }
    if (why != null) {
      throw new KvStoreException(
          backup
              + " is a backup that "
              + (found == null ? null : found.directory())
              + " does not go on from: "
              + why
              + "; back up into a new directory");
    }
    return known != null;
  }

  /**
   * Writes the history of a backup, durably.
   *
   * @param tail the segment that the backup would continue in
   */
  public void writeTo(Path backup, LogTail tail, SchemaStore schemas, Storage storage)
      throws IOException {
    claimNow(); // may fail: a backup is needed most when the disk is full
    HistoryFile.Schemas lines = HistoryFile.Schemas.of(schemas.read());
    new HistoryFile(owner(), HistoryFile.BACKUP, tail, lines, HistoryFile.OPEN, branches.list())
        .write(backup, storage);
  }
}
