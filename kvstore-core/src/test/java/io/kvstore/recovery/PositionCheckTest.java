package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.log.RecoveredLog;
import io.kvstore.record.Location;
import io.kvstore.recovery.CheckpointPosition.Anchor;
import io.kvstore.segment.MadeSegment;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a log goes on from a position, and what an opening does with one. */
class PositionCheckTest {
  private static final int TAG = 0x77;

  @TempDir Path directory;

  private MadeLog log;
  private final MadeSegment compacted = MadeSegment.compacted(1).put("a", 1).seal(2, TAG);
  private final MadeSegment first = MadeSegment.of(1).put("a", 1).put("b", 2).mark(2).seal(2);
  private final MadeSegment second = MadeSegment.of(2).put("a", 3).put("c", 4).mark(4);

  @BeforeEach
  void createLog() {
    log = new MadeLog(directory).with(first, second);
  }

  private SegmentState state(int place, MadeSegment segment) throws IOException {
    segment.writeTo(directory);
    return new SegmentState(place, segment.header(), segment.scanIn(directory), 0);
  }

  private static Anchor anchor(MadeSegment segment) {
    return new Anchor(segment.header().id(), segment.header().secret(), segment.last());
  }

  /** Returns the position at which the first segment was covered, and the second was not. */
  private CheckpointPosition afterFirst() throws IOException {
    return new CheckpointPosition(2, 1, anchor(second), List.of(state(0, first)));
  }

  private PositionCheck look(CheckpointPosition position, MadeSegment... segments)
      throws IOException {
    PositionCheck check = new PositionCheck(position);
    for (MadeSegment segment : segments) {
      Path path = segment.writeTo(directory);
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
        check.look(segment.header(), file, file.size());
      }
    }
    return check;
  }

  // ---- whether it holds

  @Test
  void noPositionHolds() throws IOException {
    PositionCheck check = look(null, first, second);

    assertThat(check.holds(0)).isFalse();
    assertThat(check.sequence()).isZero();
    assertThat(check.provenIn(first.header())).isZero();
  }

  @Test
  void positionHoldsForTheFilesThatItWasMadeOf() throws IOException {
    PositionCheck check = look(afterFirst(), first, second);

    assertThat(check.holds(0)).isTrue();
    assertThat(check.isComplete()).isTrue();
    assertThat(check.known()).containsOnlyKeys(first.header());
    assertThat(check.sequence()).isEqualTo(2);
    assertThat(check.provenIn(first.header())).isEqualTo(2);
    assertThat(check.provenIn(second.header())).isZero();
    assertThat(check.provenIn(first.stranger().header())).isZero();
  }

  @Test
  void coveredSegmentIsMissedUnlessItMayHaveBeenCompacted() throws IOException {
    PositionCheck check = look(afterFirst(), second);

    assertThat(check.holds(0)).isFalse();
    assertThat(check.holds(1)).isTrue();
    assertThat(check.isComplete()).isFalse();
  }

  @Test
  void segmentOfTheAnchorIsMissedUnlessItMayHaveBeenCompacted() throws IOException {
    PositionCheck check = look(afterFirst(), first);

    assertThat(check.holds(1)).isFalse();
    assertThat(check.holds(2)).isTrue();
  }

  @Test
  void compactedSegmentMayBeGone() throws IOException {
    CheckpointPosition position =
        new CheckpointPosition(2, 1, null, List.of(state(0, first), state(1, compacted)));

    assertThat(look(position, first).holds(0)).isTrue();
  }

  @Test
  void otherSegmentInThePlaceOfOneIsNotIt() throws IOException {
    CheckpointPosition position = afterFirst();

    assertThat(look(position, first.stranger().put("a", 1).put("b", 2).mark(2).seal(2), second))
        .matches(check -> !check.holds(0));
    assertThat(look(position, first, second.stranger().put("a", 3).put("c", 4).mark(4)))
        .matches(check -> !check.holds(0));
  }

  @Test
  void olderCopyOfASegmentIsNotIt() throws IOException {
    CheckpointPosition position =
        new CheckpointPosition(4, 2, null, List.of(state(0, first), state(1, second)));

    assertThat(look(position, first, MadeSegment.of(2).put("a", 3)).holds(0)).isFalse();
    assertThat(look(position, first, second.put("d", 5)).holds(0)).as("it may go on").isTrue();
  }

  @Test
  void shorterFileIsNotIt() throws IOException {
    CheckpointPosition position =
        new CheckpointPosition(4, 2, null, List.of(state(0, first), state(1, second)));
    PositionCheck check = new PositionCheck(position);
    PositionCheck enough = new PositionCheck(position);
    try (FileChannel file =
        FileChannel.open(directory.resolve(second.name()), StandardOpenOption.READ)) {
      check.look(second.header(), file, second.end() - 1L);
      enough.look(second.header(), file, second.end());
    }

    assertThat(check.holds(1)).isFalse();
    assertThat(enough.holds(1)).isTrue();
  }

  @Test
  void otherRecordWhereTheAnchorWasIsAnotherLog() throws IOException {
    CheckpointPosition position = afterFirst();

    assertThat(look(position, first, MadeSegment.of(2).put("a", 3).put("x", 4).mark(3)).holds(0))
        .isFalse();
  }

  @Test
  void segmentThatShouldHaveBeenCoveredIsOfAnotherLog() throws IOException {
    CheckpointPosition position = new CheckpointPosition(4, 2, null, List.of(state(0, first)));

    assertThat(look(position, first, MadeSegment.of(3).put("d", 5)).holds(2)).isTrue();
    assertThat(look(position, first, second).holds(2)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, true", "3, true"})
  void compactedSegmentThatIsNotKnownMustBeYounger(long pin, boolean holds) throws IOException {
    MadeSegment full = fullCompacted(pin);

    assertThat(look(afterFirst(), first, second, full).holds(0)).isEqualTo(holds);
  }

  @Test
  void compactedSegmentWithoutASealIsNotYounger() throws IOException {
    SegmentHeader header = new SegmentHeader(5, 32 + 24, 9, SegmentHeader.COMPACTED);

    assertThat(look(afterFirst(), first, second, MadeSegment.with(header).mark(9)).holds(0))
        .isFalse();
    SegmentHeader longer = new SegmentHeader(5, 32 + 48, 9, SegmentHeader.COMPACTED);
    MadeSegment sealedTooSoon = MadeSegment.with(longer).seal(9, TAG);
    assertThat(look(afterFirst(), first, second, sealedTooSoon).holds(0)).isFalse();
  }

  private static MadeSegment fullCompacted(long pin) {
    SegmentHeader header = new SegmentHeader(5, 32 + 24 + 24, 9, SegmentHeader.COMPACTED);
    return MadeSegment.with(header).put("a", 1).seal(pin, TAG);
  }

  // ---- what an opening does with it

  @Test
  void openingReadsOnlyWhatIsNew() throws IOException {
    LatestChanges target = new LatestChanges(afterFirst(), true);

    RecoveredLog opened = log.recover(target);

    assertThat(target.restored()).isEqualTo(1);
    assertThat(target.isThere()).as("all of it is there").isNull();
    assertThat(target.changes()).isEqualTo(Map.of("a", 3L, "c", 4L));
    assertThat(opened.sequence()).isEqualTo(4);
    assertThat(opened.syncedSequence()).isEqualTo(4);
    assertThat(opened.segments().list()).extracting(Segment::place).containsExactly(0, 1);
  }

  @Test
  void openingReadsAllIfWhatWasThereIsLost() throws IOException {
    LatestChanges target = new LatestChanges(afterFirst(), false);

    assertThat(log.recover(target).sequence()).isEqualTo(4);
    assertThat(target.changes()).isEqualTo(Map.of("a", 3L, "b", 2L, "c", 4L));
  }

  @Test
  void openingReadsAllOfAnotherLog() throws IOException {
    LatestChanges target = new LatestChanges(afterFirst(), true);
    second.stranger().put("x", 3).mark(3).writeTo(directory);
    MadeSegment before = MadeSegment.of(1).put("a", 1).put("b", 2).mark(2).seal(2, 0);
    before.writeTo(directory);

    assertThat(log.recover(target).sequence()).isEqualTo(3);
    assertThat(target.restored()).isZero();
    assertThat(target.changes()).isEqualTo(Map.of("a", 1L, "b", 2L, "x", 3L));
  }

  @Test
  void segmentsStayWhereThePositionSaysThatTheyAre() throws IOException {
    CheckpointPosition position =
        new CheckpointPosition(2, 1, anchor(second), List.of(state(5, first), state(3, compacted)));
    log.without(compacted.name());
    LatestChanges target = new LatestChanges(position, true);

    RecoveredLog opened = log.recover(target);

    assertThat(opened.segments().list())
        .extracting(segment -> segment.id() + " at " + segment.place())
        .contains("1 at 5")
        .doesNotContain("2 at 3", "2 at 5");
    assertThat(Objects.requireNonNull(target.isThere()).test(Location.of(5, 32))).isTrue();
    assertThat(target.isThere().test(Location.of(3, 32))).as("the compacted one").isFalse();
  }

  @Test
  void staleBytesAreThoseOfThePosition() throws IOException {
    SegmentState known = new SegmentState(0, first.header(), first.scanIn(directory), 24);
    CheckpointPosition position = new CheckpointPosition(2, 1, anchor(second), List.of(known));

    RecoveredLog opened = log.recover(new LatestChanges(position, true));

    assertThat(opened.segments().list().get(0).staleBytes()).isEqualTo(24);
  }

  // ---- what it proves

  @Test
  void changesBeforeThePositionHadBeenSynced() throws IOException {
    MadeSegment unmarked = MadeSegment.of(1).put("a", 1).put("b", 2);
    log.without(second.name()).with(unmarked);
    CheckpointPosition position = new CheckpointPosition(2, 1, null, List.of(state(0, unmarked)));

    RecoveredLog opened = log.recover(new LatestChanges(position, true));

    assertThat(opened.syncedSequence()).isEqualTo(2);
    assertThat(log.recover().syncedSequence()).as("without it").isZero();
  }

  @Test
  void damageOfWhatThePositionProvesIsRefused() throws IOException {
    MadeSegment unmarked = MadeSegment.of(1).put("a", 1).put("b", 2);
    log.without(second.name()).with(unmarked);
    CheckpointPosition position = new CheckpointPosition(2, 1, null, List.of(state(0, unmarked)));
    log.with(unmarked.damaged());

    assertThatThrownBy(() -> log.recover(new LatestChanges(position, false)))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("though 2 were synced");
    assertThat(log.recover().cutBytes()).as("without it").isPositive();
  }

  @Test
  void fileThatWasCutOffBeforeWhatThePositionProvesIsRefused() throws IOException {
    MadeSegment unmarked = MadeSegment.of(1).put("a", 1).put("b", 2);
    log.without(second.name()).with(unmarked);
    CheckpointPosition position = new CheckpointPosition(2, 1, null, List.of(state(0, unmarked)));
    log.with(unmarked.name(), Arrays.copyOf(unmarked.toBytes(), 56));

    assertThatThrownBy(() -> log.recover(new LatestChanges(position, false)))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("though 2 were synced");
    assertThat(log.recover().sequence()).as("without it").isEqualTo(1);
  }

  @Test
  void olderCopyIsOpenedThoughThePositionSaysMore() throws IOException {
    MadeSegment unmarked = MadeSegment.of(1).put("a", 1).put("b", 2);
    log.without(second.name()).with(unmarked);
    CheckpointPosition position = new CheckpointPosition(2, 1, null, List.of(state(0, unmarked)));
    log.with(MadeSegment.of(1).put("a", 1));

    assertThat(log.recover(new LatestChanges(position, true)).sequence()).isEqualTo(1);
  }

  @Test
  void tornSegmentBehindTheEndProvesWhatItHad() throws IOException {
    MadeSegment unmarked = MadeSegment.of(2).put("a", 3);
    log.with(unmarked);
    CheckpointPosition position =
        new CheckpointPosition(3, 2, null, List.of(state(0, first), state(1, unmarked)));
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged());

    assertThatThrownBy(() -> log.recover(new LatestChanges(position, false)))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("though 3 were synced");
  }
}
