package io.kvstore.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the log had come at some moment: what a copy of the indexes was made from, and so where
 * recovery can start that has such a copy.
 *
 * @param sequence the last change before that moment; it had been synced
 */
public record LogPosition(long sequence, List<SegmentState> segments) {
  private static final int FIXED_BYTES = Long.BYTES + Integer.BYTES;

  /** What is known of a segment at that moment; header fields tell whether a file is still it. */
  record SegmentState(SegmentHeader header, SegmentScan scan, long staleBytes) {
    static final int BYTES = 6 * Long.BYTES + 4 * Integer.BYTES;

    private void encode(ByteBuffer to) {
      to.putLong(header.id()).putInt(header.capacity()).putInt(header.secret());
      to.putInt(scan.end()).putInt(scan.sealed() ? 1 : 0);
      to.putLong(scan.lastSequence()).putLong(scan.markedSequence());
      to.putLong(scan.putBytes()).putLong(scan.soonestDeadline()).putLong(staleBytes);
    }

    private static SegmentState decode(ByteBuffer from) {
      SegmentHeader header = new SegmentHeader(from.getLong(), from.getInt(), from.getInt());
      int end = from.getInt();
      boolean sealed = from.getInt() == 1;
      SegmentScan scan =
          new SegmentScan(
              end, sealed, end, from.getLong(), from.getLong(), from.getLong(), from.getLong());
      return new SegmentState(header, scan, from.getLong());
    }
  }

  /** Returns the bytes that {@link #decode} reads. */
  public ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + segments.size() * SegmentState.BYTES);
    bytes.putLong(sequence).putInt(segments.size());
    segments.forEach(state -> state.encode(bytes));
    return bytes.flip();
  }

  /** Returns what was encoded; the bytes have been checked to be whole. */
  public static LogPosition decode(ByteBuffer bytes) {
    long sequence = bytes.getLong();
    int count = bytes.getInt();
    List<SegmentState> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      segments.add(SegmentState.decode(bytes));
    }
    return new LogPosition(sequence, segments);
  }

  /** Tells whether a record lies in one of the segments of this position, and is not newer. */
  public boolean covers(long location) {
    int place = Location.place(location);
    return place < segments.size() && Location.offset(location) < segments.get(place).scan().end();
  }

  /** Tells whether the files begin with the segments of this position. */
  boolean isIn(List<Segment> files) {
    if (files.size() < segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      SegmentState state = segments.get(i);
      if (!files.get(i).header().equals(state.header())
          || files.get(i).mappedBytes() < state.scan().end()) {
        return false;
      }
    }
    return true;
  }
}
