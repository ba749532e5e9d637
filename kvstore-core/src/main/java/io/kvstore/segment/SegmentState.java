package io.kvstore.segment;

import io.kvstore.record.Location;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;

/** The state of a segment as kept by a checkpoint; the header identifies its file. */
public record SegmentState(int place, SegmentHeader header, SegmentScan scan, long staleBytes) {
  public static final int BYTES = 8 * Long.BYTES + 6 * Integer.BYTES + SegmentLinks.BYTES;

  public void encode(ByteBuffer to) {
    to.putInt(place).putLong(header.id()).putInt(header.capacity());
    to.putInt(header.secret()).putInt(header.kind());
    to.putInt(scan.end()).putInt(scan.sealed() ? 1 : 0);
    to.putLong(scan.lastSequence()).putLong(scan.markedSequence());
    to.putLong(scan.pin()).putLong(scan.putBytes()).putLong(scan.tombstoneBytes());
    to.putLong(scan.soonestDeadline()).putLong(staleBytes);
    scan.bonds().last().encode(to);
    to.putInt(scan.bonds().next()).putInt(scan.bonds().writer());
  }

  public static SegmentState decode(ByteBuffer from) {
    int place = from.getInt();
    SegmentHeader header =
        new SegmentHeader(from.getLong(), from.getInt(), from.getInt(), from.getInt());
    int end = from.getInt();
    boolean sealed = from.getInt() == 1;
    long lastSequence = from.getLong();
    long markedSequence = from.getLong();
    long pin = from.getLong();
    long putBytes = from.getLong();
    long tombstoneBytes = from.getLong();
    long soonestDeadline = from.getLong();
    long staleBytes = from.getLong();
    SegmentLinks bonds =
        new SegmentLinks(RecordFingerprint.decode(from), from.getInt(), from.getInt());
    SegmentScan scan =
        new SegmentScan(
            end,
            sealed,
            end,
            lastSequence,
            markedSequence,
            pin,
            putBytes,
            tombstoneBytes,
            soonestDeadline,
            bonds);
    return new SegmentState(place, header, scan, staleBytes);
  }

  /** Returns whether the fields are valid for a segment of a store. */
  public boolean isPossible() {
    return place >= 0
        && place < Location.MAX_SEGMENTS
        && (header.kind() == SegmentHeader.LOG || header.kind() == SegmentHeader.COMPACTED)
        && scan.end() >= Segment.HEADER_BYTES
        && scan.end() <= header.capacity()
        && scan.end() % RecordFormat.ALIGNMENT == 0;
  }
}
