package io.kvstore.log;

/** What recovery tells of the changes that it finds. */
public interface RecoveryTarget {

  /** Forgets all that was visited: recovery starts over, or starts. */
  void reset();

  /** Returns a visitor for one thread. */
  Visitor visitor();

  /** Learns that every change has been visited since the last reset. */
  void finish();

  /** Told of each change once, in any order: the highest sequence of a key counts. */
  interface Visitor {
    /** Takes in one change. */
    void visit(ScannedRecord change);

    /** Ends this thread's part. */
    void finish();
  }
}
