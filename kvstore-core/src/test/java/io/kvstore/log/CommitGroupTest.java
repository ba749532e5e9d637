package io.kvstore.log;

import static org.assertj.core.api.Assertions.assertThat;

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
    group.added(before);
    group.added(batch);
    group.added(LogRecord.mark(3));
    group.added(next);
    group.added(after);
    List<List<LogRecord>> published = new ArrayList<>();

    group.publish(
        new Publisher() {
          @Override
          public void publish(LogRecord change) {
            published.add(List.of(change));
          }

          @Override
          public void publish(List<LogRecord> changes) {
            published.add(List.copyOf(changes));
          }
        });

    assertThat(published).containsExactly(List.of(before), batch, next, List.of(after));
    assertThat(group.bytes()).isEqualTo(8L * RecordFormat.CONTROL_BYTES);
    assertThat(batch).allMatch(record -> !record.done().isDone());
  }

  private static LogRecord tombstone() {
    return LogRecord.tombstone(new byte[0]);
  }
}
