package io.kvstore.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactionPlanTest {
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int SEGMENTS = 8;

  @Test
  void littleGarbageStaysUnderLoad() {
    assertThat(inputs(CompactionGoal.UNDER_LOAD, SEGMENTS * SEGMENT_BYTES)).isEmpty();
  }

  @Test
  void moreGarbageThanIsSparedGoesUnderLoad() {
    assertThat(inputs(CompactionGoal.UNDER_LOAD, SEGMENT_BYTES)).isNotEmpty();
  }

  @Test
  void garbageGoesWithoutLoadHoweverLittle() {
    assertThat(inputs(CompactionGoal.IDLE, SEGMENTS * SEGMENT_BYTES)).isNotEmpty();
    assertThat(inputs(CompactionGoal.ALL, SEGMENTS * SEGMENT_BYTES)).isNotEmpty();
  }

  private static List<SegmentStats> inputs(CompactionGoal goal, int spareBytes) {
    List<SegmentStats> all =
        IntStream.range(0, SEGMENTS).mapToObj(CompactionPlanTest::mostlyStale).toList();
    CompactionPlan.Amounts amounts = new CompactionPlan.Amounts(SEGMENT_BYTES, spareBytes, false);
    return new CompactionPlan(all, goal, amounts).inputs(Long.MAX_VALUE);
  }

  private static SegmentStats mostlyStale(int i) {
    SegmentHeader header = new SegmentHeader(i + 1, SEGMENT_BYTES, i, SegmentHeader.LOG);
    Segment segment = new Segment(header, null, ByteBuffer.allocate(64), null);
    segment.seal();
    long live = SEGMENT_BYTES / 16;
    return new SegmentStats(
        segment, true, SEGMENT_BYTES, live, SEGMENT_BYTES - live, 0, i + 1, i + 1);
  }

  // ---- which segments, and how many

  /** The statistics of one segment made for a test. */
  private record Made(long capacity, long live, long stale, long tombstones, long pin, long last) {
    SegmentStats figures(int id, boolean movable) {
      SegmentHeader header = new SegmentHeader(id, (int) capacity, id, SegmentHeader.LOG);
      Segment segment = new Segment(header, null, ByteBuffer.allocate(64), null);
      segment.seal();
      return new SegmentStats(segment, movable, capacity, live, stale, tombstones, pin, last);
    }
  }

  private static SegmentStats full(int id, long live, long tombstones, long pin) {
    long rest = SEGMENT_BYTES - SegmentStats.OVERHEAD_BYTES - live - tombstones;
    return new Made(SEGMENT_BYTES, live, rest, tombstones, pin, pin + 9).figures(id, true);
  }

  private static List<Long> ids(List<SegmentStats> figures) {
    return figures.stream().map(each -> each.segment().id()).toList();
  }

  private record Limits(int outputBytes, boolean many, long room) {}

  private static List<Long> inputs(CompactionGoal goal, Limits limits, SegmentStats... all) {
    CompactionPlan.Amounts amounts =
        new CompactionPlan.Amounts(limits.outputBytes(), 0, limits.many());
    return ids(new CompactionPlan(List.of(all), goal, amounts).inputs(limits.room()));
  }

  private static List<Long> inputs(CompactionGoal goal, SegmentStats... all) {
    return inputs(goal, new Limits(SEGMENT_BYTES, false, Long.MAX_VALUE), all);
  }

  @Test
  void thoseWithTheMostGarbageGoFirst() {
    SegmentStats little = full(1, 900_000, 0, 1);
    SegmentStats most = full(2, 100_000, 0, 11);
    SegmentStats more = full(3, 300_000, 0, 21);

    assertThat(inputs(CompactionGoal.ALL, little, most, more)).containsExactly(2L, 3L);
  }

  @Test
  void segmentsWithoutGarbageStay() {
    SegmentStats whole = full(1, SEGMENT_BYTES - SegmentStats.OVERHEAD_BYTES, 0, 1);
    SegmentStats stale = full(2, 100_000, 0, 11);

    assertThat(inputs(CompactionGoal.ALL, whole, stale)).containsExactly(2L);
    assertThat(inputs(CompactionGoal.ALL, whole)).isEmpty();
  }

  @Test
  void segmentsThatCanNotBeMovedStay() {
    SegmentStats fixed = new Made(SEGMENT_BYTES, 0, 1_000_000, 0, 1, 9).figures(1, false);
    SegmentStats stale = full(2, 100_000, 0, 11);
    fixed.segment().becomeDamaged();

    assertThat(inputs(CompactionGoal.ALL, fixed, stale)).containsExactly(2L);
  }

  @Test
  void damagedSegmentGoesThoughItHasNoGarbage() {
    SegmentStats damaged = full(1, SEGMENT_BYTES - SegmentStats.OVERHEAD_BYTES, 0, 1);
    damaged.segment().becomeDamaged();

    assertThat(inputs(CompactionGoal.UNDER_LOAD, damaged)).containsExactly(1L);
  }

  @Test
  void segmentThatIsNotSealedCountsForNothing() {
    SegmentHeader header = new SegmentHeader(9, SEGMENT_BYTES, 9, SegmentHeader.LOG);
    Segment active = new Segment(header, null, ByteBuffer.allocate(64), null);
    SegmentStats open = new SegmentStats(active, false, SEGMENT_BYTES, 0, 1_000_000, 0, 90, 99);
    SegmentStats dense = full(1, 900_000, 0, 1);

    assertThat(inputs(CompactionGoal.UNDER_LOAD, dense, open)).isEmpty();
  }

  @Test
  void outputIsOneSegmentOfWhatIsLeft() {
    SegmentStats one = full(1, 500_000, 0, 1);
    SegmentStats two = full(2, 400_000, 0, 11);
    SegmentStats three = full(3, 300_000, 0, 21);

    assertThat(inputs(CompactionGoal.ALL, one, two, three)).containsExactly(3L, 2L);
    assertThat(inputs(CompactionGoal.ALL, new Limits(100, false, Long.MAX_VALUE), one, two, three))
        .as("one at least")
        .containsExactly(3L);
  }

  @Test
  void noMoreIsWrittenThanThereIsRoomFor() {
    SegmentStats one = full(1, 500_000, 0, 1);
    SegmentStats two = full(2, 400_000, 0, 11);
    long least = 400_000L + SegmentStats.OVERHEAD_BYTES;

    assertThat(inputs(CompactionGoal.ALL, new Limits(SEGMENT_BYTES, false, least), one, two))
        .containsExactly(2L);
    assertThat(inputs(CompactionGoal.ALL, new Limits(SEGMENT_BYTES, false, least - 1), one, two))
        .isEmpty();
  }

  @Test
  void tombstonesThatHidePutsElsewhereAreNoGarbage() {
    SegmentStats tombstones = new Made(SEGMENT_BYTES, 0, 0, 1_040_000, 50, 59).figures(2, true);
    SegmentStats put = new Made(SEGMENT_BYTES, 1_000_000, 24, 0, 1, 9).figures(1, false);
    SegmentStats newer = new Made(SEGMENT_BYTES, 1_000_000, 24, 0, 60, 99).figures(3, false);

    assertThat(inputs(CompactionGoal.ALL, tombstones, put)).as("they hide").isEmpty();
    assertThat(inputs(CompactionGoal.ALL, tombstones, newer)).as("too new").containsExactly(2L);
    assertThat(inputs(CompactionGoal.ALL, tombstones)).as("alone").containsExactly(2L);
  }

  @Test
  void whatPinsTooManyTombstonesGoesFirstTheOldestBeforeOthers() {
    SegmentStats tombstones = full(3, 0, 900_000, 50);
    SegmentStats newer = new Made(SEGMENT_BYTES, 500_000, 24, 0, 11, 19).figures(2, true);
    SegmentStats older = new Made(SEGMENT_BYTES, 500_000, 24, 0, 1, 9).figures(1, true);

    assertThat(inputs(CompactionGoal.IDLE, tombstones, newer, older).get(0)).isEqualTo(1);
  }

  @Test
  void tombstonesThatOnlyHidePutsBesideThemGoWithThose() {
    SegmentStats both = new Made(SEGMENT_BYTES, 900_000, 24, 140_000, 5, 59).figures(1, true);
    SegmentStats newer = new Made(SEGMENT_BYTES, 1_000_000, 24, 0, 60, 99).figures(2, false);
    SegmentStats as = new Made(SEGMENT_BYTES, 1_000_000, 24, 0, 59, 99).figures(2, false);

    assertThat(inputs(CompactionGoal.ALL, both, newer)).containsExactly(1L);
    assertThat(inputs(CompactionGoal.ALL, both, as)).isEmpty();
  }

  @Test
  void fewTombstonesPinNothing() {
    SegmentStats tombstones =
        new Made(SEGMENT_BYTES, 1_000_000, 0, 40_000, 50, 59).figures(1, true);
    SegmentStats pins = new Made(SEGMENT_BYTES, 1_048_000, 24, 0, 1, 9).figures(2, true);

    assertThat(inputs(CompactionGoal.IDLE, tombstones, pins)).isEmpty();
    assertThat(inputs(CompactionGoal.ALL, tombstones, pins)).isEmpty();
  }

  @Test
  void freeTombstonesAreNoneWhenSomebodyWaits() {
    SegmentStats tombstones = new Made(SEGMENT_BYTES, 0, 0, 60_000, 50, 59).figures(1, false);
    SegmentStats pins = new Made(80_600, 80_000, 24, 0, 1, 9).figures(2, true);

    assertThat(inputs(CompactionGoal.ALL, tombstones, pins)).containsExactly(2L);
    assertThat(inputs(CompactionGoal.IDLE, tombstones, pins)).isEmpty();
  }

  @Test
  void tombstonesTakeRoomInTheOutput() {
    SegmentStats one = new Made(SEGMENT_BYTES, 100_000, 700_000, 100_000, 1, 9).figures(1, true);
    long needed = 200_000L + SegmentStats.OVERHEAD_BYTES;
    int output = (int) (2 * needed);
    SegmentStats two = new Made(SEGMENT_BYTES, 100_000, 700_000, 100_000, 11, 19).figures(2, true);

    assertThat(inputs(CompactionGoal.ALL, new Limits(SEGMENT_BYTES, false, needed), one))
        .hasSize(1);
    assertThat(inputs(CompactionGoal.ALL, new Limits(SEGMENT_BYTES, false, needed - 1), one))
        .isEmpty();
    assertThat(inputs(CompactionGoal.ALL, new Limits(output, false, Long.MAX_VALUE), one, two))
        .hasSize(2);
    assertThat(inputs(CompactionGoal.ALL, new Limits(output - 1, false, Long.MAX_VALUE), one, two))
        .hasSize(1);
  }

  @Test
  void smallSegmentsAreMergedOnceTheyAreManyEnough() {
    int small = SEGMENT_BYTES / 4 - 1;
    assertThat(inputs(CompactionGoal.ALL, dense(63, small))).isEmpty();
    assertThat(inputs(CompactionGoal.ALL, dense(64, small))).hasSize(4);
    assertThat(inputs(CompactionGoal.ALL, dense(64, small + 1))).isEmpty();
    assertThat(inputs(CompactionGoal.IDLE, dense(1023, small))).isEmpty();
    assertThat(inputs(CompactionGoal.IDLE, dense(1024, small))).hasSize(4);
  }

  @Test
  void anyTwoAreMergedWhenThereAreHardlyPlacesForMore() {
    int small = SEGMENT_BYTES / 2 - 1;
    SegmentStats[] two = dense(2, small);

    assertThat(inputs(CompactionGoal.IDLE, new Limits(SEGMENT_BYTES, true, Long.MAX_VALUE), two))
        .hasSize(2);
    assertThat(
            inputs(
                CompactionGoal.IDLE,
                new Limits(SEGMENT_BYTES, true, Long.MAX_VALUE),
                dense(1, small)))
        .isEmpty();
    assertThat(
            inputs(
                CompactionGoal.IDLE,
                new Limits(SEGMENT_BYTES, true, Long.MAX_VALUE),
                dense(2, small + 1)))
        .isEmpty();
  }

  private static SegmentStats[] dense(int count, int capacity) {
    long live = (long) capacity - SegmentStats.OVERHEAD_BYTES;
    return IntStream.range(0, count)
        .mapToObj(i -> new Made(capacity, live, 0, 0, i + 1, i + 1).figures(i + 1, true))
        .toArray(SegmentStats[]::new);
  }
}
