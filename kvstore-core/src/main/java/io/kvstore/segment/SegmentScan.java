package io.kvstore.segment;

import io.kvstore.record.RecordFormat;

/**
 * What a scan found in one segment.
 *
 * @param end where the whole records end
 * @param sealed whether the last of them is the seal
 * @param dataEnd where the last bytes other than zeros end, if the segment is not sealed
 * @param lastSequence of the last change, 0 if there is none
 * @param markedSequence the highest that a mark names, 0 if there is no mark
 * @param pin of the first change; in a compacted segment, the last change that the indexes had
 *     taken in when its writing began. No change that is older hides a put in here
 * @param putBytes bytes of the records of puts
 * @param soonestDeadline the first that a put names, or {@link RecordFormat#NO_DEADLINE}
 * @param tombstoneBytes bytes of tombstones
 * @param bonds what ties the segment to others
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

  /** Where a scan starts that knows nothing. */
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
   * Returns whether what follows the whole records is neither a seal nor zeros: a torn batch, for
   * one.
   */
  public boolean damaged() {
    return dataEnd > end;
  }

  /** Returns the bytes that are neither whole records nor zeros at the end. */
  public long damagedBytes() {
    return (long) dataEnd - end;
  }

  /** Returns the bytes behind the header, zeros at the end aside. */
  public long writtenBytes() {
    return (long) dataEnd - Segment.HEADER_BYTES;
  }

  /** Returns whether there is nothing in the segment but its header. */
  public boolean isEmpty() {
    return end == Segment.HEADER_BYTES && !damaged();
  }
}
