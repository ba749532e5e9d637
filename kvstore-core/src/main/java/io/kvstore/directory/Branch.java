package io.kvstore.directory;

/**
 * A part of a store's history: what one opening of its directory has written. Two copies of a
 * directory that go their own ways give the same version to different changes, in branches with
 * different ids.
 *
 * @param id random
 * @param from the version before the first one of this branch
 * @param cause why it began
 */
public record Branch(long id, long from, Cause cause) {

  /** Why a branch began: how the directory was found when it was opened. */
  enum Cause {
    /** There was no history: a new store, or one of a version that kept none. */
    CREATED,
    /** As it was left. */
    OPENED,
    /** As a crash leaves it, with a torn tail that was cut. */
    CUT,
    /** As a copy of the directory that the history was written in. */
    COPIED,
    /** As a backup. */
    RESTORED,
    /** With a log that is older than the history, or has changes that it does not know of. */
    MIXED;

    /** Returns whether the store is still the one that it was before. */
    boolean isOrdinary() {
      return this == OPENED || this == CUT;
    }
  }

  /** Returns what marks carry that are written in this branch; never 0. */
  int tag() {
    return (int) id | 1;
  }
}
