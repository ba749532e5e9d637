package io.kvstore.directory;

import io.kvstore.CorruptStoreException;
import io.kvstore.log.Log;
import io.kvstore.log.LogTail;
import io.kvstore.platform.StoreLogger;
import io.kvstore.recovery.LogOpening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history file of a directory as an opening has found it: which other files belong to it, and
 * which branches the log continues.
 *
 * <p>A store opens without it. If the file is missing, damaged or of another store, the history
 * begins again. Other files are rejected only if the file proves that they are of different stores.
 *
 * @param file null if there is none that can be used
 * @param isCopy whether the file is a copy of the one that was written
 */
public record FoundHistory(Path directory, long owner, @Nullable HistoryFile file, boolean isCopy) {

  /**
   * Reads the history file of a directory.
   *
   * @param owner see {@link Manifest#owner}
   */
  public static FoundHistory read(Path directory, long owner) throws IOException {
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
    return new FoundHistory(directory, owner, found, found != null && found.isCopy(directory));
  }

  // ---- the other files of the directory

  /**
   * Rejects segments and schemas that are proved to be of another store or of another time.
   *
   * @throws CorruptStoreException naming such a file
   */
  public void requireOthers(List<String> schemas) throws IOException {
    tail().requireNoOtherIn(directory);
    requireSchemas(schemas);
  }

  /**
   * Rejects such schemas; recovery checks the log.
   *
   * @throws CorruptStoreException naming their file
   */
  public void requireSchemas(List<String> schemas) {
    // Without any schema, typed values are rejected, and others need none.
    if (file != null && !schemas.isEmpty() && !file.schemas().isStartOf(schemas)) {
      throw new CorruptStoreException(
          directory.resolve(SchemaFile.FILE),
          0,
          "these are not the schemas of the history: files of different times or stores are mixed;"
              + " put back those of one time, all of them");
    }
  }

  /** Returns the end of the log when the file was written, or {@link LogTail#NONE}. */
  LogTail tail() {
    return file == null ? LogTail.NONE : file.tail();
  }

  // ---- the log

  /**
   * The end of the log that an opening has recovered.
   *
   * @param sequence of the last change
   * @param isCut whether a torn tail was cut off
   */
  record RecoveredEnd(long sequence, boolean isCut, LogTail tail) {

    static RecoveredEnd of(LogOpening.Opened opened) {
      Log log = opened.log();
      return new RecoveredEnd(log.sequence(), opened.cutBytes() > 0, LogTail.of(log));
    }
  }

  Branches branches() {
    return file == null ? Branches.NONE : new Branches(file.branches());
  }

  /**
   * Returns the branches that the changes of a log belong to, as far as that is known.
   *
   * @param newId the id of a branch that the file does not have
   */
  Branches continuedBy(RecoveredEnd log, long newId) {
    HistoryFile known = file;
    if (known == null) {
      return Branches.NONE;
    }
    boolean isKnown = isKnown(log);
    boolean hasGrown = hasGrown(known, log);
    if (!isKnown && !hasGrown) {
      return Branches.NONE; // it is unknown from where on the changes are another store's
    }
    Branches all = branches().beginningUpTo(log.sequence());
    if (!hasGrown) {
      return all;
    }
    // Without a tag: an opening on a disk so full that the file could not be written.
    Branch.Cause cause = isKnown ? Branch.Cause.OPENED : Branch.Cause.MIXED;
    return all.with(new Branch(newId, known.closed(), cause));
  }

  /** Returns whether the log has changes that were written after the file. */
  private static boolean hasGrown(HistoryFile known, RecoveredEnd log) {
    return known.closed() != HistoryFile.OPEN && known.closed() < log.sequence();
  }

  /** Returns whether the last writer of the log is in the history, or unknown. */
  private boolean isKnown(RecoveredEnd log) {
    int writer = log.tail().writer();
    return writer == 0 || branches().hasTag(writer);
  }

  /**
   * Returns why a new branch begins.
   *
   * @param continued as {@link #continuedBy} has it
   */
  Branch.Cause cause(RecoveredEnd log, Branches continued) {
    HistoryFile known = file;
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
            || (hasGrown(known, log) && isKnown(log));
    if (!isAsLeft || continued.isEmpty()) {
      return Branch.Cause.MIXED;
    }
    List<Branch> all = known.branches();
    boolean isShorter = all.get(all.size() - 1).from() > log.sequence();
    return log.isCut() || isShorter ? Branch.Cause.CUT : Branch.Cause.OPENED;
  }
}
