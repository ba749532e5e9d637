package io.kvstore.segment;

import io.kvstore.record.Location;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Segments in memory whose records a test writes itself, as the log does: plain writes, before any
 * location that names them is published.
 */
public final class StressSegments {
  /** What a key that is not found has instead of a value. */
  public static final int ABSENT = -1;

  private static final int CAPACITY = 256;
  private static final int RECORD_BYTES = 24;

  private final SegmentTable segments;
  private int segmentCount;

  /** Segments with so many places. */
  public StressSegments(int places) {
    segments = new SegmentTable(places);
  }

  /** Returns the table in which locations are looked up. */
  public SegmentTable segments() {
    return segments;
  }

  /** A segment, for a test to write to. */
  public static final class Written {
    private final Segment segment;
    private int end = Segment.HEADER_BYTES;

    private Written(Segment segment) {
      this.segment = segment;
    }

    /** Writes a put of a key and a value of one byte each, and returns where it is. */
    public long put(int key, int value) {
      ByteBuffer to = segment.writable().duplicate().order(ByteOrder.LITTLE_ENDIAN);
      int at = end;
      to.putInt(at + 4, 1).putLong(at + 8, value).putShort(at + 16, (short) 1);
      to.put(at + 18, RecordFormat.PUT);
      to.put(at + 20, (byte) key).put(at + 21, (byte) value);
      end += RECORD_BYTES;
      return Location.of(segment.place(), at);
    }

    /** Counts what {@link #put} has written as stale. */
    public void becomeStale(long location) {
      segment.addStale(Location.offset(location));
    }

    /** Returns how many bytes were counted as stale. */
    public int staleBytes() {
      return (int) segment.staleBytes();
    }
  }

  /** Adds an empty segment. */
  public Written add() {
    SegmentHeader header = new SegmentHeader(++segmentCount, CAPACITY, 0, SegmentHeader.LOG);
    Segment segment = new Segment(header, null, ByteBuffer.allocate(CAPACITY), null);
    segments.add(segment);
    return new Written(segment);
  }

  /** Takes a segment out, and makes its place free for another. */
  public void drop(Written written) {
    segments.retire(List.of(written.segment), List.of(), 1);
    segments.free(() -> Long.MAX_VALUE);
  }

  /** Returns the value of a record, or {@link #ABSENT}. */
  public static int value(@Nullable RecordView record) {
    return record == null ? ABSENT : record.value()[0];
  }
}
