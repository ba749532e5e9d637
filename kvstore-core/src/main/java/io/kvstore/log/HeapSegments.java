package io.kvstore.log;

import java.nio.ByteBuffer;

/** Segments of a store in memory: buffers on the heap, made when they are needed. */
final class HeapSegments implements SegmentSource {
  private long lastId;

  @Override
  public void prepare(int capacity) {}

  @Override
  public Segment take(int capacity, Segments segments) {
    ByteBuffer buffer = ByteBuffer.allocate(capacity);
    SegmentHeader header = new SegmentHeader(lastId + 1, capacity, 0, SegmentHeader.LOG);
    Segment segment = new Segment(header, null, buffer, null);
    segments.add(segment);
    lastId++;
    return segment;
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
