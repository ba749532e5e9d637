package io.kvstore.log;

import io.kvstore.segment.Segment;
import io.kvstore.segment.Trace;

/**
 * The segment that is appended to.
 *
 * @param since the last change before it
 * @param anchorAt see {@link Segment#anchorAt}
 */
public record ActiveSegment(Segment segment, long since, int anchorAt) {

  /** Returns what there is at the anchor; to be called once the log has been synced. */
  public Trace anchor() {
    return Trace.of(segment.content(), anchorAt);
  }
}
