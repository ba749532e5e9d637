package io.kvstore.directory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.CorruptStoreException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where the versions of a store come from. Each opening for writing begins a {@link Branch}, so a
 * version and the id of its branch name one change for ever, whatever becomes of copies, backups
 * and power cuts: no other store, and no other state of this one, has both.
 *
 * <p>The branch is on the disk before the first write of its opening goes into the log; an opening
 * that writes nothing leaves the file as it is. It is never needed for anything else: where the
 * file is missing, damaged or of another store, or can't be written, the history begins anew, and
 * the store opens and writes all the same. Only what the file says of other files is believed if it
 * proves that they are of different stores.
 */
public final class StoreHistory implements WriterTags {
  /** Where the file can't be written, that is tried again by a write after this time. */
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final @Nullable Path directory;
  private final long owner;
  private final @Nullable HistoryFile found;
  private final boolean isCopy;
  private final long newId = newId();
  private volatile List<Branch> branches;
  private volatile long retryAt = System.nanoTime();
  private volatile boolean hasWarned;

  /** The tag of this opening once the file names its branch; 0 before. */
  private volatile int own;

  @GuardedBy("this")
  private @Nullable Place place;

  @GuardedBy("this")
  private boolean closed;

  private volatile @Nullable Runnable beforeFirstWrite;

  /** Where an opening writes the file, and what it is about. */
  private record Place(Path directory, Storage storage, SchemaStore schemas, Log log) {}

  private StoreHistory(
      @Nullable Path directory, long owner, @Nullable HistoryFile found, boolean isCopy) {
    this.directory = directory;
    this.owner = owner;
    this.found = found;
    this.isCopy = isCopy;
    this.branches = found == null ? List.of() : found.branches();
  }

  /** Sets what is done on a thread of the store before its first write, perhaps repeatedly. */
  public void beforeFirstWrite(Runnable action) {
    beforeFirstWrite = action;
  }

  /** Returns that of a store in memory. */
  public static StoreHistory inMemory() {
    StoreHistory history = new StoreHistory(null, 0, null, false);
    history.branches = List.of(new Branch(history.newId, 0, Branch.Cause.CREATED));
    return history;
  }

  /**
   * Reads that of a directory.
   *
   * @param owner see {@link Manifest#owner}
   */
  public static StoreHistory read(Path directory, long owner) throws IOException {
    HistoryFile found = null;
    try {
      found = HistoryFile.read(directory);
    } catch (CorruptStoreException e) {
      StoreLogger.get()
          .log(System.Logger.Level.WARNING, "the history begins anew: " + e.getMessage());
    }
    if (found != null && found.owner() != owner) {
      StoreLogger.get()
          .log(
              System.Logger.Level.WARNING,
              "the history begins anew: {0} is of another store",
              directory.resolve(HistoryFile.FILE));
      found = null;
    }
    return new StoreHistory(directory, owner, found, found != null && found.isCopy(directory));
  }

  /**
   * Refuses other files of the directory that are proved to be of another store or of another time.
   *
   * @throws CorruptStoreException naming such a file
   */
  public void requireOthers(List<String> schemas) throws IOException {
    Path home = directory;
    if (home != null) {
      left().requireNoOtherIn(home);
    }
    requireSchemas(schemas);
  }

  /** Does so for the schemas alone: recovery does it for the log. */
  public void requireSchemas(List<String> schemas) {
    HistoryFile known = found;
    Path home = directory;
    // Without any, typed values are refused, and others need none.
    if (known != null
        && home != null
        && !schemas.isEmpty()
        && !known.schemas().isStartOf(schemas)) {
      throw new CorruptStoreException(
          home.resolve(SchemaFile.FILE),
          0,
          "these are not the schemas of the history: files of different times or stores are mixed;"
              + " put back those of one time, all of them");
    }
  }

  // ---- of an opening for writing

  /**
   * What an opening has found of the log.
   *
   * @param sequence of the last change
   * @param isCut whether a torn tail was cut off
   */
  record FoundLog(long sequence, boolean isCut, LogTail tail) {

    static FoundLog of(LogOpening.Opened opened) {
      Log log = opened.log();
      return new FoundLog(log.sequence(), opened.cutBytes() > 0, LogTail.of(log));
    }
  }

  /** Begins the branch of this opening, in memory. */
  public void begin(LogOpening.Opened opened, SchemaStore schemas, Storage storage) {
    FoundLog log = FoundLog.of(opened);
    List<Branch> all = new ArrayList<>(goOnFrom(log));
    Branch.Cause cause = cause(log);
    all.add(new Branch(newId, all.isEmpty() ? 0 : log.sequence(), cause));
    int dropped = Math.max(0, all.size() - HistoryFile.MAX_BRANCHES);
    branches = List.copyOf(all.subList(dropped, all.size()));
    Path home = directory;
    if (home != null) {
      synchronized (this) {
        place = new Place(home, storage, schemas, opened.log());
      }
    }
  }

  /** Returns the branches that the changes of a log are of, as far as that is known. */
  private List<Branch> goOnFrom(FoundLog log) {
    HistoryFile known = found;
    if (known == null) {
      return List.of();
    }
    boolean isKnown = isKnown(known, log);
    boolean hasGrown = hasGrown(known, log);
    if (!isKnown && !hasGrown) {
      return List.of(); // nothing tells from where on it is another's
    }
    List<Branch> all = new ArrayList<>();
    for (Branch branch : known.branches()) {
      if (branch.from() <= log.sequence()) {
        all.add(branch);
      }
    }
    if (hasGrown) {
      // Without a tag: an opening on a disk so full that the file could not be written.
      Branch.Cause cause = isKnown ? Branch.Cause.OPENED : Branch.Cause.MIXED;
      all.add(new Branch(newId(), known.closed(), cause));
    }
    return all;
  }

  /**
   * Draws an id: from the time, to the nanosecond, which costs an opening less than secure ones.
   */
  private static long newId() {
    return new SplittableRandom().nextLong();
  }

  private static boolean hasGrown(HistoryFile known, FoundLog log) {
    return known.closed() != HistoryFile.OPEN && known.closed() < log.sequence();
  }

  /** Tells whether who has written to the log last is in the history, or says nothing. */
  private static boolean isKnown(HistoryFile known, FoundLog log) {
    int writer = log.tail().writer();
    return writer == 0 || hasTag(known.branches(), writer);
  }

  private Branch.Cause cause(FoundLog log) {
    HistoryFile known = found;
    if (known == null) {
      return Branch.Cause.CREATED;
    }
    if (known.inode() == HistoryFile.BACKUP) {
      return Branch.Cause.RESTORED;
    }
    if (isCopy) {
      return Branch.Cause.COPIED;
    }
    boolean isAsLeft =
        known.closed() == HistoryFile.OPEN
            || known.closed() == log.sequence()
            || (hasGrown(known, log) && isKnown(known, log));
    if (!isAsLeft || goOnFrom(log).isEmpty()) {
      return Branch.Cause.MIXED;
    }
    boolean isShorter = known.branches().get(known.branches().size() - 1).from() > log.sequence();
    return log.isCut() || isShorter ? Branch.Cause.CUT : Branch.Cause.OPENED;
  }

  @Override
  public int own() {
    return own;
  }

  @Override
  public boolean isKnown(int tag) {
    return tag != 0 && hasTag(branches, tag);
  }

  private static boolean hasTag(List<Branch> branches, int tag) {
    for (Branch branch : branches) {
      if (branch.tag() == tag) {
        return true;
      }
    }
    return false;
  }

  @Override
  public LogTail left() {
    HistoryFile known = found;
    return known == null ? LogTail.NONE : known.tail();
  }

  @Override
  public int claim() {
    return System.nanoTime() - retryAt < 0 ? own : claimNow();
  }

  /** Does the same though it may have failed a moment ago. */
  public int claimNow() {
    Path home = directory;
    if (own != 0 || home == null) {
      return own;
    }
    try {
      return StoreThread.callByAllMeans("history", home, this::save);
    } catch (ExecutionException e) {
      warn(home, e.getCause());
      retryAt = System.nanoTime() + RETRY_NANOS;
      return 0;
    }
  }

  /** Writes the file with the branch of this opening; returns 0 if that is over. */
  private synchronized int save() throws IOException {
    Runnable before = beforeFirstWrite;
    if (before != null) {
      before.run();
    }
    Place home = place;
    if (own == 0 && home != null && !closed) {
      write(home, HistoryFile.OPEN);
      own = new Branch(newId, 0, Branch.Cause.OPENED).tag();
    }
    return own;
  }

  private void write(Place home, long closed) throws IOException {
    HistoryFile.Schemas lines = HistoryFile.Schemas.of(home.schemas.read());
    LogTail tail = LogTail.of(home.log);
    new HistoryFile(owner, HistoryFile.NO_INODE, tail, lines, closed, branches)
        .write(home.directory, home.storage);
  }

  /** Notes where a store ends that is closed, and lets the file be. */
  public synchronized void close(boolean isWhole) {
    Place home = closed ? null : place;
    closed = true;
    if (isWhole && own != 0 && home != null) {
      try {
        write(home, home.log.sequence());
      } catch (IOException e) {
        warn(home.directory, e);
      }
    }
  }

  /** Says so once. */
  private void warn(Path home, @Nullable Throwable e) {
    if (hasWarned) {
      return;
    }
    hasWarned = true;
    StoreLogger.get()
        .log(System.Logger.Level.WARNING, "can't write " + home.resolve(HistoryFile.FILE), e);
  }

  // ---- which version is whose

  /** Returns the id of the history that versions are given in now; it stays over a reopening. */
  public long id() {
    List<Branch> all = branches;
    long id = all.isEmpty() ? 0 : all.get(0).id();
    for (Branch branch : all) {
      id = branch.cause() == Branch.Cause.OPENED ? id : branch.id();
    }
    return id;
  }

  /** Returns the id that, together with a version, names one change for ever. */
  public long idOf(long version) {
    List<Branch> all = branches;
    for (int i = all.size() - 1; i > 0; i--) {
      if (all.get(i).from() < version) {
        return all.get(i).id();
      }
    }
    return all.isEmpty() ? 0 : all.get(0).id();
  }

  // ---- backups

  /**
   * Refuses to replace a backup by one of a store that does not go on from it.
   *
   * @param reached the last change in the backup
   * @param sequence the last change in the store
   * @return whether the backup says whose it is; those of format 2 do not
   */
  public boolean requireGoesOnFrom(Path backup, long reached, long sequence) throws IOException {
    HistoryFile known = HistoryFile.read(backup);
    String why = known == null ? null : whyNotFrom(known.branches(), reached);
    if (why == null && reached > sequence) {
      why = "it has changes up to " + reached + ", and the store up to " + sequence;
    }
    if (why != null) {
      throw new KvStoreException(
          backup
              + " is a backup that "
              + directory
              + " does not go on from: "
              + why
              + "; back up into a new directory");
    }
    return known != null;
  }

  /** Returns why this history does not go on from another one, or null. */
  private @Nullable String whyNotFrom(List<Branch> others, long reached) {
    Branch last = null;
    for (Branch branch : others) {
      last = branch.from() < reached ? branch : last;
    }
    if (last == null) {
      return null; // there is nothing in it
    }
    List<Branch> all = branches;
    int at = all.indexOf(last);
    if (at < 0) {
      return "its changes after " + last.from() + " are none of the store's";
    }
    for (Branch later : all.subList(at + 1, all.size())) {
      if (later.from() < reached) {
        return "its changes after " + later.from() + " are none of the store's";
      }
      if (!later.cause().isOrdinary()) {
        return switch (later.cause()) {
          case COPIED -> "the store is a copy of the one that the backup is of";
          case RESTORED -> "the store is a backup that has been restored";
          default -> "files of different times have been mixed in the store";
        };
      }
    }
    return null;
  }

  /**
   * Writes the history of a backup, durably.
   *
   * @param tail the segment that the backup would go on in
   */
  public void writeTo(Path backup, LogTail tail, SchemaStore schemas, Storage storage)
      throws IOException {
    claimNow(); // if it can't be: a backup is wanted most where the disk is full
    HistoryFile.Schemas lines = HistoryFile.Schemas.of(schemas.read());
    new HistoryFile(owner, HistoryFile.BACKUP, tail, lines, HistoryFile.OPEN, branches)
        .write(backup, storage);
  }
}
