package io.kvstore.log;

import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.Segment;

/**
 * The segment that is appended to.
 *
 * @param since the last change before it
 * @param anchorAt see {@link Segment#anchorAt}
 */
public record ActiveSegment(Segment segment, long since, int anchorAt) {

  /** Returns what there is at the anchor; to be called once the log has been synced. */
  public RecordFingerprint anchor() {
    return RecordFingerprint.of(segment.content(), anchorAt);
  }
}
