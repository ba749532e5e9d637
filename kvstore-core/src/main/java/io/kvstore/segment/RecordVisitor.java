package io.kvstore.segment;

/**
 * A visitor of the changes that a scan finds. Each change is visited once, in any order: the
 * highest sequence of a key decides.
 */
public interface RecordVisitor {
  /** A visitor that ignores all changes. */
  RecordVisitor NOBODY =
      new RecordVisitor() {
        @Override
        public void visit(ScannedRecord change) {}

        @Override
        public void finish() {}
      };

  /** Visits one change. */
  void visit(ScannedRecord change);

  /** Ends the visits of the calling thread. */
  void finish();
}
