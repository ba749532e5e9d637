package io.kvstore.segment;

/**
 * What ties a segment to others.
 *
 * @param last the last record; in a sealed segment, the seal
 * @param next the secret of the segment that follows, as the seal says; 0 if it says nothing
 * @param writer the tag of who wrote the last mark, as that says; 0 if it says nothing
 */
public record SegmentLinks(RecordFingerprint last, int next, int writer) {
  static final int BYTES = RecordFingerprint.BYTES + 2 * Integer.BYTES;

  /** Of a segment without records. */
  public static final SegmentLinks NONE = new SegmentLinks(RecordFingerprint.NONE, 0, 0);
}
