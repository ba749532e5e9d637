package io.kvstore.log;

import java.nio.ByteBuffer;

/** Segments of a store in memory: buffers on the heap, made when they are needed. */
final class HeapSegments implements SegmentSource {
  private long lastId;

  @Override
  public void prepare(int capacity) {}

  @Override
  public Segment take(int capacity) {
    ByteBuffer buffer = ByteBuffer.allocate(capacity);
    return new Segment(
        new SegmentHeader(++lastId, capacity, 0, SegmentHeader.LOG), null, buffer, null);
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
