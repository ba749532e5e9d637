package io.kvstore.log;

import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentTable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The segment source of a store in memory: buffers on the heap, created when they are needed. */
public final class HeapSegments implements SegmentSource {
  private long lastId;

  /** A segment that is in the table and has not been taken yet. */
  private @Nullable Segment ready;

  @Override
  public void start() {}

  @Override
  public void prepare(int capacity) {}

  @Override
  public Segment next(int capacity, SegmentTable segments) {
    Segment known = ready;
    if (known != null && known.capacity() >= capacity) {
      return known;
    }
    ByteBuffer buffer = ByteBuffer.allocate(capacity);
    SegmentHeader header = new SegmentHeader(lastId + 1, capacity, 0, SegmentHeader.LOG);
    Segment segment = new Segment(header, null, buffer, null);
    if (known != null) {
      segments.remove(known);
      ready = null;
    }
    segments.stage(segment);
    ready = segment;
    return segment;
  }

  @Override
  public void taken() {
    ready = null;
    lastId++;
  }

  @Override
  public boolean hasRoom(int capacity) {
    return true;
  }

  @Override
  public void discardAbove(int capacity) {}

  @Override
  public long preparedBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
