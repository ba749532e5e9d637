package io.kvstore.segment;

import io.kvstore.record.RecordFormat;

/**
 * The result of the scan of one segment.
 *
 * @param end the end of the whole records
 * @param sealed whether the last of them is the seal
 * @param dataEnd the end of the last non-zero bytes, if the segment is not sealed
 * @param lastSequence the sequence of the last change, 0 if there is none
 * @param markedSequence the highest sequence of a sync marker, 0 if there is none
 * @param pin the sequence of the first change; in a compacted segment, of the last change that the
 *     indexes had applied when its writing began. No older change hides a put in this segment
 * @param putBytes bytes of the records of puts
 * @param soonestDeadline the earliest deadline of a put, or {@link RecordFormat#NO_DEADLINE}
 * @param tombstoneBytes bytes of tombstones
 * @param bonds the links of the segment to others
 */
public record SegmentScan(
    int end,
    boolean sealed,
    int dataEnd,
    long lastSequence,
    long markedSequence,
    long pin,
    long putBytes,
    long tombstoneBytes,
    long soonestDeadline,
    SegmentLinks bonds) {

  /** The start of a scan from the first record. */
  public static final SegmentScan START =
      new SegmentScan(
          Segment.HEADER_BYTES,
          false,
          Segment.HEADER_BYTES,
          0,
          0,
          0,
          0,
          0,
          RecordFormat.NO_DEADLINE,
          SegmentLinks.NONE);

  /**
   * Returns whether the whole records are followed by neither a seal nor zeros, but by a torn
   * batch, for example.
   */
  public boolean damaged() {
    return dataEnd > end;
  }

  /** Returns the number of bytes that are neither whole records nor zeros at the end. */
  public long damagedBytes() {
    return (long) dataEnd - end;
  }

  /** Returns the number of bytes behind the header, without zeros at the end. */
  public long writtenBytes() {
    return (long) dataEnd - Segment.HEADER_BYTES;
  }

  /** Returns whether the segment has only its header. */
  public boolean isEmpty() {
    return end == Segment.HEADER_BYTES && !damaged();
  }
}
