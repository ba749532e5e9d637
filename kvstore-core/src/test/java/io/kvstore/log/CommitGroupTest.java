package io.kvstore.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitGroupTest {

  @Test
  void changesOfABatchArePublishedAtOnce() {
    LogRecord before = tombstone();
    List<LogRecord> batch = List.of(tombstone(), tombstone(), tombstone());
    List<LogRecord> next = List.of(tombstone(), tombstone());
    LogRecord after = tombstone();
    batch.subList(0, 2).forEach(LogRecord::setMore);
    next.get(0).setMore();
    CommitGroup group = new CommitGroup();
    SegmentHeader header = new SegmentHeader(1, 4096, 0, SegmentHeader.LOG);
    Segment segment = new Segment(header, null, ByteBuffer.allocate(4096), null);
    CommitGroup.Chunk chunk = group.add(new CommitGroup.Chunk(segment, 32, ByteBuffer.allocate(8)));
    group.added(chunk, before);
    group.added(chunk, batch);
    group.added(chunk, LogRecord.mark(3, 0));
    group.added(chunk, next);
    group.added(chunk, after);
    List<List<LogRecord>> published = new ArrayList<>();
    Publisher publisher =
        new Publisher() {
          @Override
          public void publish(LogRecord change) {
            published.add(List.of(change));
          }

          @Override
          public void publish(List<LogRecord> changes) {
            published.add(List.copyOf(changes));
          }
        };

    while (!group.isPublished()) {
      group.publishNext(publisher);
    }

    assertThat(published).containsExactly(List.of(before), batch, next, List.of(after));
    assertThat(group.bytes()).isEqualTo(8L * RecordFormat.CONTROL_BYTES);
    assertThat(chunk.to()).isEqualTo(32 + 8 * RecordFormat.CONTROL_BYTES);
    assertThat(batch).allMatch(record -> !record.done().isDone());
  }

  private static LogRecord tombstone() {
    return LogRecord.tombstone(new byte[0]);
  }
}
