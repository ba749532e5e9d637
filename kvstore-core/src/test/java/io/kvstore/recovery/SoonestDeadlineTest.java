package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.log.Log;
import io.kvstore.log.LogSettings;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.record.LogRecord;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.FaultyStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a segment knows of its deadlines, however it came to be open. */
class SoonestDeadlineTest {
  private static final int LARGE = 600_000;

  @TempDir Path directory;

  @Test
  void itIsKnownAfterAppendingScanningAndRestoring() throws IOException {
    SegmentTable written = new SegmentTable();
    Log log = open(written, new Target(null));
    log.start(null, () -> {});
    log.append(LogRecord.put(new byte[1], new byte[1]));
    assertThat(deadlines(written)).containsExactly(Long.MAX_VALUE);
    log.append(LogRecord.put(new byte[1], new byte[1], 70));
    log.append(
        List.of(LogRecord.put(new byte[1], new byte[1], 60), LogRecord.tombstone(new byte[1])));
    log.append(LogRecord.put(new byte[1], new byte[1], 80));
    log.append(LogRecord.put(new byte[1], new byte[LARGE], 50));
    log.append(LogRecord.put(new byte[1], new byte[LARGE]));
    log.close();
    assertThat(deadlines(written)).containsExactly(60L, 50L, Long.MAX_VALUE);

    SegmentTable scanned = new SegmentTable();
    Log again = open(scanned, new Target(null));
    again.close();
    SegmentTable restored = new SegmentTable();
    CheckpointPosition position = CheckpointPosition.decode(CheckpointPosition.endOf(log).encode());
    open(restored, new Target(position)).close();

    assertThat(position).isEqualTo(CheckpointPosition.endOf(log));
    assertThat(deadlines(scanned)).isEqualTo(deadlines(written));
    assertThat(deadlines(restored)).isEqualTo(deadlines(written));
  }

  private static List<Long> deadlines(SegmentTable segments) {
    return segments.list().stream().map(Segment::soonestDeadline).toList();
  }

  private Log open(SegmentTable segments, RecoveryTarget target) throws IOException {
    LogSettings settings =
        new LogSettings(
            directory,
            FaultyStorage.withoutSyncs(),
            Durability.PROCESS,
            Duration.ofDays(1),
            4096,
            1 << 20,
            Long.MAX_VALUE,
            EventDispatcher.NONE,
            WriterTags.NONE);
    return LogOpening.open(settings, segments, target, new RecoveryProgress()).log();
  }

  /** Takes in everything, and starts from a position if there is one. */
  private record Target(@Nullable CheckpointPosition position) implements RecoveryTarget {

    @Override
    public void reset() {}

    @Override
    public boolean restore(LongPredicate isThere) {
      return true;
    }

    @Override
    public RecordVisitor visitor() {
      return new RecordVisitor() {
        @Override
        public void visit(ScannedRecord change) {}

        @Override
        public void finish() {}
      };
    }

    @Override
    public void finish() {}
  }
}
