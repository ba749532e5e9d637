package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentList;
import io.kvstore.log.RecoveredLog;
import io.kvstore.segment.MadeSegment;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that another store writes to and compacts while it is read. */
class ReadOnlyRetryTest {
  private static final MadeSegment FIRST = MadeSegment.of(1).put("a", 1).seal(1);
  private static final MadeSegment SECOND = MadeSegment.of(2).put("b", 2);

  @TempDir Path directory;
  private MadeLog log;

  /** What the other store does. */
  @FunctionalInterface
  private interface Deed {
    void run(int attempt) throws IOException;
  }

  /** A target beside which something happens at the start of each attempt, or behind a scan. */
  private static final class Beside implements RecoveryTarget {
    private final LatestChanges changes = new LatestChanges(null, false);
    private final Deed atStart;
    private final Deed afterScan;
    private int attempts;
    private int scans;
    private int open;

    Beside(Deed atStart, Deed afterScan) {
      this.atStart = atStart;
      this.afterScan = afterScan;
    }

    private static void run(Deed deed, int attempt) {
      try {
        deed.run(attempt);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void reset() {
      changes.reset();
      run(atStart, ++attempts);
    }

    @Override
    public @Nullable CheckpointPosition position() {
      return changes.position();
    }

    @Override
    public boolean restore(@Nullable LongPredicate isThere) {
      return changes.restore(isThere);
    }

    @Override
    public RecordVisitor visitor() {
      RecordVisitor visitor = changes.visitor();
      open++;
      return new RecordVisitor() {
        @Override
        public void visit(ScannedRecord change) {
          visitor.visit(change);
        }

        @Override
        public void finish() {
          visitor.finish();
          open--;
          run(afterScan, ++scans);
        }
      };
    }

    @Override
    public void finish() {
      changes.finish();
    }
  }

  @BeforeEach
  void createLog() {
    log = new MadeLog(directory).with(FIRST, SECOND);
  }

  private RecoveredLog read(Beside target) throws IOException {
    return new ReadOnlyRecovery(log.files(), target, new RecoveryProgress())
        .run(new SegmentTable());
  }

  private SegmentList list(long synced) {
    SealedIds named = new SealedIds();
    named.add(1, FIRST.last().checksum());
    return new SegmentList(1, 1, synced, null, named, new SealedIds(), SegmentList.Dropped.none());
  }

  private void missUntil(int attempt, int there) throws IOException {
    if (attempt == 1) {
      log.without(FIRST.name());
    }
    if (attempt == there) {
      log.with(FIRST);
    }
  }

  @Test
  void whatIsMissingIsLookedForAgain() throws IOException {
    Beside target = new Beside(attempt -> missUntil(attempt, 3), scan -> {});

    RecoveredLog read = read(target);

    assertThat(target.attempts).isEqualTo(3);
    assertThat(target.changes.changes()).isEqualTo(Map.of("a", 1L, "b", 2L));
    assertThat(read.segments().list()).extracting(Segment::id).containsExactly(1L, 2L);
    assertThat(read.segments().list().get(1).end()).isEqualTo(SECOND.end());
    assertThat(read.segments().totals().liveBytes()).isEqualTo(48);
  }

  @Test
  void whatStaysMissingIsRefused() {
    Beside target = new Beside(attempt -> missUntil(attempt, 4), scan -> {});

    assertThatThrownBy(() -> read(target)).isInstanceOf(CorruptStoreException.class);
    assertThat(target.attempts).isEqualTo(3);
  }

  @Test
  void compactionExplainsWhatIsMissing() throws IOException {
    Beside target =
        new Beside(
            attempt -> {
              missUntil(attempt, 20);
              log.with(list(attempt == 20 ? 1 : attempt + 1L));
            },
            scan -> {});

    assertThat(read(target).sequence()).isEqualTo(2);
    assertThat(target.attempts).isEqualTo(20);
  }

  @Test
  void firstCompactionExplainsWhatIsMissing() throws IOException {
    Beside target =
        new Beside(
            attempt -> {
              missUntil(attempt, 4);
              if (attempt == 1) {
                log.with(list(1));
              }
            },
            scan -> {});

    assertThat(read(target).sequence()).isEqualTo(2);
    assertThat(target.attempts).as("the first is explained, two more are not").isEqualTo(4);
  }

  @Test
  void compactionWithoutAnEndIsRefused() {
    Beside target =
        new Beside(
            attempt -> {
              missUntil(attempt, 0);
              log.with(list(attempt + 1L));
            },
            scan -> {});

    assertThatThrownBy(() -> read(target)).isInstanceOf(CorruptStoreException.class);
    assertThat(target.attempts).isEqualTo(100);
  }

  @Test
  void recordThatIsBeingWrittenIsWholeAtTheNextLook() throws IOException {
    log.with(MadeSegment.of(2).put("b", 2).put("c", 3).damaged());
    Deed writing =
        scan -> {
          if (scan == 2) {
            log.with(MadeSegment.of(2).put("b", 2).put("c", 3).put("d", 4));
          }
        };
    Beside target = new Beside(attempt -> {}, writing);

    RecoveredLog read = read(target);

    assertThat(read.sequence()).isEqualTo(4);
    assertThat(target.changes.changes()).isEqualTo(Map.of("a", 1L, "b", 2L, "c", 3L, "d", 4L));
    assertThat(target.open).as("visitors that were not finished").isZero();
  }

  @Test
  void recordThatStaysTornIsTheEnd() throws IOException {
    log.with(MadeSegment.of(2).put("b", 2).put("c", 3).damaged());
    Beside target = new Beside(attempt -> {}, scan -> {});

    assertThat(read(target).sequence()).isEqualTo(2);
    assertThat(target.open).isZero();
  }
}
