package io.kvstore.segment;

/**
 * The links of a segment to others.
 *
 * @param last the last record; in a sealed segment, the seal
 * @param next the secret of the next segment, from the note of the seal; 0 if not known
 * @param writer the tag of the writer of the last sync marker, from its note; 0 if not known
 */
public record SegmentLinks(RecordFingerprint last, int next, int writer) {
  static final int BYTES = RecordFingerprint.BYTES + 2 * Integer.BYTES;

  /** The links of a segment without records. */
  public static final SegmentLinks NONE = new SegmentLinks(RecordFingerprint.NONE, 0, 0);
}
