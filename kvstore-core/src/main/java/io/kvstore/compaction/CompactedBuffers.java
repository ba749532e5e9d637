package io.kvstore.compaction;

import io.kvstore.files.SegmentList;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The compacted segments of a store in memory. */
public final class CompactedBuffers implements CompactedFiles {
  private long lastId;

  @Override
  public Output create(int capacity) {
    SegmentHeader header = new SegmentHeader(++lastId, capacity, 0, SegmentHeader.COMPACTED);
    ByteBuffer buffer = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    return new Output() {
      @Override
      public SegmentHeader header() {
        return header;
      }

      @Override
      public void write(ByteBuffer bytes) {
        buffer.put(bytes);
      }

      @Override
      public Segment finish() {
        return new Segment(header, null, buffer.clear(), null);
      }

      @Override
      public void abandon() {}
    };
  }

  @Override
  public void commit(SegmentList list, Runnable listed) {
    listed.run();
  }

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public List<Segment> delete(List<Segment> segments, SegmentTable table, long diskBytes) {
    return List.of();
  }

  @Override
  public long unreleasedBytes() {
    return 0;
  }

  @Override
  public long spareBytes() {
    return 0;
  }

  @Override
  public void clearSpares() {}
}
