package io.kvstore.log;

/**
 * Thrown to a reader without a lock whose record was dropped, and whose segment's file is used for
 * another segment: what was read may be of that one. The reader starts anew from the index, which
 * does not point there any more. Never reaches a caller of the store.
 */
public final class SegmentReused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SegmentReused() {
    super("the segment of the record is used for another one", null, false, false);
  }
}
