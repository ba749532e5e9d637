package io.kvstore.segment;

/** Told of each change once, in any order: the highest sequence of a key counts. */
public interface RecordVisitor {
  /** Wants to know of no change. */
  RecordVisitor NOBODY =
      new RecordVisitor() {
        @Override
        public void visit(ScannedRecord change) {}

        @Override
        public void finish() {}
      };

  /** Takes in one change. */
  void visit(ScannedRecord change);

  /** Ends this thread's part. */
  void finish();
}
