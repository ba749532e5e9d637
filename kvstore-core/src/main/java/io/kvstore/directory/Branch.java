package io.kvstore.directory;

/**
 * A branch of a store's history: the changes written by one opening of its directory. Two copies of
 * a directory that diverge assign the same version to different changes, in branches with different
 * ids.
 *
 * @param id a random number
 * @param from the version before the first one of this branch
 * @param cause the reason why the branch began
 */
public record Branch(long id, long from, Cause cause) {

  /** The reason why a branch began: the state of the directory when it was opened. */
  enum Cause {
    /** There was no history: a new store, or one written by a version without it. */
    CREATED,
    /** Unchanged since the last opening. */
    OPENED,
    /** After a crash, with a torn tail that was cut. */
    CUT,
    /** A copy of the directory in which the history was written. */
    COPIED,
    /** A backup. */
    RESTORED,
    /** With a log that is older than the history, or has changes that are not in it. */
    MIXED;

    /** Returns whether the store continues its own history. */
    boolean isOrdinary() {
      return this == OPENED || this == CUT;
    }
  }

  boolean isSame(Branch other) {
    return id == other.id && from == other.from && cause == other.cause;
  }

  /** Returns the writer tag of the sync markers of this branch; never 0. */
  int tag() {
    return (int) id | 1;
  }
}
