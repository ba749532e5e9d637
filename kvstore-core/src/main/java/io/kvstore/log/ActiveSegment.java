package io.kvstore.log;

import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.Segment;

/**
 * The active segment at a point in time.
 *
 * @param since the sequence of the last change before the segment
 * @param anchorAt see {@link Segment#anchorAt}
 */
public record ActiveSegment(Segment segment, long since, int anchorAt) {

  /** Returns the fingerprint of the record at the anchor; called after the log has been synced. */
  public RecordFingerprint anchor() {
    return RecordFingerprint.of(segment.content(), anchorAt);
  }
}
