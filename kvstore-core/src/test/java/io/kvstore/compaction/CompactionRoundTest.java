package io.kvstore.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.ClosedStoreException;
import io.kvstore.StoreListener;
import io.kvstore.files.SegmentList;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.record.Location;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.RecordWalk;
import io.kvstore.segment.Segment;
import io.kvstore.testing.RecordedEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One round of compaction: its commit, and that it has no effect if it fails before that. */
class CompactionRoundTest {
  private final CompactedLog made = new CompactedLog(Long.MAX_VALUE);

  @Test
  void roundsGoOnUntilThereIsNothingToGain() throws IOException {
    made.fill();
    made.compaction.roll(CompactionGoal.ALL);
    int rounds = 0;
    while (made.round()) {
      rounds++;
      made.requireAll();
      assertThat(made.log.diskBytes()).isEqualTo(made.bytesOfSegments());
    }

    assertThat(rounds).isPositive();
    assertThat(made.compaction.stats().rounds()).isEqualTo(rounds);
    assertThat(made.compaction.stats().compactedBytes())
        .isGreaterThanOrEqualTo((CompactedLog.KEYS - 1) * 128L);
    assertThat(made.compaction.stats().unreleasedBytes()).isEqualTo(5);
    assertThat(made.segments.totals().staleBytes()).isZero();
    assertThat(made.segments.totals().tombstoneBytes()).isZero();
    assertThat(made.index.settled).isGreaterThan(rounds);
  }

  @Test
  void listNamesWhatThereIsAndWhatIsGone() throws IOException {
    for (int i = 1_000; i < 1_100; i++) {
      made.put(i, 1);
    }
    made.fill();
    List<Long> before = new ArrayList<>(CompactedLog.ids(made.segments.list(), false));

    assertThat(made.round()).isTrue();
    SegmentList first = made.files.lists.get(0);
    Segment active = Objects.requireNonNull(made.log.active()).segment();
    assertThat(first.through()).isEqualTo(active.id() - 1);
    assertThat(first.before()).isEqualTo(made.log.active().since());
    assertThat(first.synced()).isEqualTo(first.before());
    assertThat(Objects.requireNonNull(first.next()).secret()).isEqualTo(active.secret());
    assertThat(first.compacted().ids())
        .containsExactlyElementsOf(CompactedLog.ids(made.segments.list(), true));
    List<Long> left = new ArrayList<>(CompactedLog.ids(made.segments.list(), false));
    left.remove(active.id());
    assertThat(first.log().ids()).isNotEmpty().containsExactlyElementsOf(left);
    assertThat(made.files.syncsBefore).as("what has made records stale is safe").isEqualTo(1);
    before.removeIf(id -> CompactedLog.ids(made.segments.list(), false).contains(id));
    assertThat(first.dropped().log().ids()).containsExactlyElementsOf(before);
    assertThat(CompactedLog.ids(made.files.deleted, false))
        .containsExactlyInAnyOrderElementsOf(before);

    for (int i = 0; i < CompactedLog.KEYS; i++) {
      made.put(i, 9);
    }
    assertThat(made.round()).isTrue();
    SegmentList second = made.files.lists.get(1);
    assertThat(second.compacted().ids())
        .containsExactlyElementsOf(CompactedLog.ids(made.segments.list(), true));
    made.requireAll();
  }

  @ParameterizedTest
  @EnumSource(names = "LISTED", mode = EnumSource.Mode.EXCLUDE)
  void roundThatFailsBeforeItsListHasNoEffect(CompactedLog.Place place) throws IOException {
    made.fill();
    List<Segment> before = made.segments.list();
    long bytes = made.log.diskBytes();
    Map<Long, Long> locations = Map.copyOf(made.index.locations);
    made.failing = place;

    assertThatThrownBy(made::round).hasMessage(place.name());

    assertThat(made.index.locations).isEqualTo(locations);
    assertThat(made.segments.list()).isEqualTo(before);
    assertThat(made.segments.retired().segments()).isZero();
    assertThat(made.log.diskBytes()).isEqualTo(bytes);
    assertThat(made.files.lists).isEmpty();
    assertThat(made.files.abandoned)
        .isEqualTo(place == CompactedLog.Place.WRITE || place == CompactedLog.Place.FINISH ? 1 : 0);
    assertThat(made.files.deleted.isEmpty())
        .isEqualTo(place.compareTo(CompactedLog.Place.MOVED) < 0);
    assertThat(made.files.deleted).allMatch(made.segments::isFree);
    assertThat(made.compaction.stats().rounds()).isZero();
    assertThat(made.round()).as("the next one").isTrue();
    made.requireAll();
  }

  @Test
  void roundThatFailsBehindItsListHasHappened() throws IOException {
    made.fill();
    made.failing = CompactedLog.Place.LISTED;
    assertThatThrownBy(made::round).hasMessage("LISTED");

    made.requireAll();
    SegmentList first = made.files.lists.get(0);
    assertThat(made.files.deleted).as("either list may be there after a power cut").isEmpty();
    assertThat(CompactedLog.ids(made.segments.list(), true))
        .containsExactlyElementsOf(first.compacted().ids());
    assertThat(CompactedLog.ids(made.segments.list(), false))
        .doesNotContainAnyElementsOf(first.dropped().log().ids());

    assertThat(made.round()).isTrue();
    SegmentList second = made.files.lists.get(1);
    assertThat(second.dropped().log().ids()).containsAll(first.dropped().log().ids());
    assertThat(CompactedLog.ids(made.files.deleted, false))
        .containsAll(first.dropped().log().ids());
    assertThat(made.log.diskBytes()).isEqualTo(made.bytesOfSegments());
    made.requireAll();
  }

  @Test
  void listGoesOnNamingFilesThatCouldNotBeDeleted() throws IOException {
    made.fill();
    made.files.canDelete = false;
    assertThat(made.round()).isTrue();
    made.files.canDelete = true;
    for (int i = 0; i < 2; i++) {
      made.fill();
      assertThat(made.round()).isTrue();
    }

    List<Long> undeletable = new ArrayList<>(made.files.lists.get(0).dropped().log().ids());
    assertThat(undeletable).isNotEmpty();
    assertThat(made.files.lists.get(1).dropped().log().ids()).containsAll(undeletable);
    assertThat(made.files.lists.get(2).dropped().log().ids()).containsAll(undeletable);
    assertThat(made.files.deleted).doesNotHaveDuplicates();
  }

  @Test
  void stoppedRoundHasNoEffect() throws IOException {
    made.fill();
    List<Segment> before = made.segments.list();
    made.compaction.stop();

    assertThatThrownBy(made::round).isInstanceOf(ClosedStoreException.class);

    assertThat(made.segments.list()).isEqualTo(before);
    made.requireAll();
  }

  @Test
  void failedStoreIsNotCompacted() {
    made.fill();
    assertThat(made.log.failure().noteUnexpected(new IllegalStateException("broken"))).isNotNull();

    assertThatThrownBy(made::round).hasMessageContaining("the store takes no more writes");
    assertThat(made.files.lists).isEmpty();
  }

  @Test
  void emptyLogHasNothingToCompact() throws IOException {
    made.compaction.roll(CompactionGoal.ALL);
    assertThat(made.round()).isFalse();
    made.put(1, 1);
    assertThat(made.round()).isFalse();
    assertThat(made.files.lists).isEmpty();
  }

  @Test
  void keptFilesMakeRoomForWhatIsWrittenAtTheLimit() throws IOException {
    CompactedLog made = new CompactedLog(100 * 4096);
    made.fill();
    assertThat(made.round()).isTrue();
    assertThat(made.files.cleared).as("there is room for both").isZero();
    made.files.spareBytes = 100 * 4096;

    assertThat(made.round()).isTrue();

    assertThat(made.files.cleared).isEqualTo(1);
    made.requireAll();
  }

  @Test
  void nothingIsDroppedBeforeASync() {
    made.fill();
    List<Segment> before = made.segments.list();
    Map<Long, Long> locations = Map.copyOf(made.index.locations);
    made.writer.isRefusing = true;

    assertThatThrownBy(made::round)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("can't sync before segments are dropped");

    assertThat(made.segments.list()).isEqualTo(before);
    assertThat(made.index.locations).isEqualTo(locations);
    assertThat(made.files.lists).isEmpty();
  }

  @Test
  void roundThatIsStoppedWhenAllIsWrittenHasNoEffect() {
    made.fill();
    Map<Long, Long> locations = Map.copyOf(made.index.locations);
    made.files.onFinish = made.compaction::stop;

    assertThatThrownBy(made::round).isInstanceOf(ClosedStoreException.class);

    assertThat(made.index.locations).isEqualTo(locations);
    assertThat(made.files.lists).isEmpty();
  }

  private long tombstonesOf(int key) {
    long found = 0;
    for (Segment segment : made.segments.list()) {
      RecordWalk walk = new RecordWalk(segment, segment.end());
      while (walk.advance()) {
        boolean deletes = segment.type(walk.at()) == RecordFormat.TOMBSTONE;
        found += deletes && Arrays.equals(segment.key(walk.at()), CompactedLog.key(key)) ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void tombstoneStaysWhileThePutThatItHidesIsInAnotherSegment() throws IOException {
    made.put(5_000, 1);
    for (int i = 1_000; i < 1_100; i++) {
      made.put(i, 1);
    }
    made.delete(5_000);
    made.fill();
    while (made.compaction.round(CompactionGoal.UNDER_LOAD)) {
      made.requireAll();
    }
    Segment first = made.segments.list().get(0);
    assertThat(first.id()).as("the segment with the put is there").isEqualTo(1);
    assertThat(first.isCompacted()).isFalse();
    assertThat(made.files.lists).isNotEmpty();
    assertThat(tombstonesOf(5_000)).isEqualTo(1);

    made.compaction.roll(CompactionGoal.ALL);
    while (made.round()) {
      made.requireAll();
    }
    assertThat(tombstonesOf(5_000)).as("once the put is gone").isZero();
  }

  @Test
  void roundThatFindsNoRoomHasNoEffect() throws IOException {
    CompactedLog limited = new CompactedLog(16 * 4096);
    limited.fillToTheLimit();
    List<Segment> before = limited.segments.list();
    limited.log.addDiskBytes(16 * 4096 - limited.log.diskBytes() - 50);

    assertThat(limited.round()).isFalse();

    assertThat(limited.segments.list()).isEqualTo(before);
    assertThat(limited.log.diskBytes()).isEqualTo(16 * 4096 - 50);
  }

  @Test
  void roomThatWritersTakeMeanwhileIsTheirs() throws IOException {
    CompactedLog limited = new CompactedLog(16 * 4096);
    limited.fillToTheLimit();
    List<Segment> before = limited.segments.list();
    long room = 16 * 4096 - limited.log.diskBytes();
    limited.index.onHash =
        () -> {
          limited.index.onHash = () -> {};
          limited.log.addDiskBytes(room);
        };

    assertThat(limited.round()).isFalse();

    assertThat(limited.segments.list()).isEqualTo(before);
    assertThat(limited.log.diskBytes()).isEqualTo(16 * 4096);
    limited.log.addDiskBytes(-room);
    assertThat(limited.round()).isTrue();
    limited.requireAll();
  }

  // ---- what it tells

  private static RecordedEvents eventsOfARound(int fills) throws IOException {
    RecordedEvents recorded = new RecordedEvents();
    EventDispatcher events = new EventDispatcher(recorded.listener());
    events.start(Path.of("store"), listener -> {});
    CompactedLog told = new CompactedLog(Long.MAX_VALUE, events);
    for (int i = 0; i < fills; i++) {
      told.fill();
    }
    assertThat(told.round()).isTrue();
    events.close();
    return recorded;
  }

  @Test
  void writersFarAheadAreSlowedDownForARound() throws IOException {
    assertThat(eventsOfARound(3).of("onBrake", Boolean.class)).containsExactly(true, false);
    assertThat(eventsOfARound(1).of("onBrake", Boolean.class)).isEmpty();
  }

  @Test
  void roundIsTold() throws IOException {
    List<StoreListener.Compaction> rounds =
        eventsOfARound(1).of("onCompaction", StoreListener.Compaction.class);

    assertThat(rounds).hasSize(1);
    assertThat(rounds.get(0).bytesAfter()).isLessThan(rounds.get(0).bytesBefore());
  }

  // ---- damage

  private void compactAll() throws IOException {
    for (int rounds = 0; made.round(); rounds++) {
      assertThat(rounds).as("rounds come to an end").isLessThan(100);
    }
  }

  private static Segment segmentOf(CompactedLog log, long location) {
    return Objects.requireNonNull(
        log.segments.list().stream()
            .filter(segment -> segment.place() == Location.place(location))
            .findAny()
            .orElse(null));
  }

  /** Changes a byte of a value. */
  private Segment damage(long location) {
    Segment segment = segmentOf(made, location);
    int at = Location.offset(location) + 60;
    ByteBuffer bytes = segment.writable();
    bytes.put(at, (byte) (bytes.get(at) ^ 1));
    return segment;
  }

  @Test
  void damagedRecordThatAnIndexPointsAtIsKeptAndNotCopied() throws IOException {
    made.fill();
    long location = made.index.locations.get(7L);
    Segment segment = damage(location);
    made.compaction.roll(CompactionGoal.ALL);
    assertThat(made.round()).as("others are chosen at once").isTrue();
    assertThat(made.compaction.stats().rounds()).isEqualTo(1);
    compactAll();

    assertThat(made.index.locations).containsEntry(7L, location);
    assertThat(made.segments.list()).contains(segment);
    assertThat(segment.isDamaged()).isTrue();
    assertThat(segment.stale().keepsDamage()).isTrue();
    assertThat(made.segments.damagedPlaces()).isEqualTo(1);
    for (Segment each : made.segments.list()) {
      RecordWalk walk = new RecordWalk(each, each.end());
      while (walk.advance()) {
        assertThat(each == segment || each.isWrittenAt(walk.at())).isTrue();
      }
    }
  }

  @Test
  void segmentWithDamageThatNobodyNeedsGoes() throws IOException {
    made.put(7, 1);
    long location = made.index.locations.get(7L);
    made.fill();
    Segment segment = damage(location);
    segment.becomeDamaged();

    while (made.round()) {
      made.requireAll();
    }

    assertThat(made.segments.list()).doesNotContain(segment);
    assertThat(made.segments.damagedPlaces()).isEqualTo(1);
  }

  @Test
  void damagedTombstoneIsKept() throws IOException {
    made.put(7, 1);
    made.delete(7);
    Segment segment = made.segments.list().get(0);
    int tombstone = segment.end() - 32;
    assertThat(segment.type(tombstone)).isEqualTo(RecordFormat.TOMBSTONE);
    made.fill();
    ByteBuffer bytes = segment.writable();
    bytes.put(tombstone + 21, (byte) 'x');
    segment.becomeDamaged();
    compactAll();

    assertThat(made.segments.list()).as("it may hide an older put").contains(segment);
    made.requireAll();
  }
}
