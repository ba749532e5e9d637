package io.kvstore.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactionPlanTest {
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int SEGMENTS = 8;

  @Test
  void littleGarbageStaysUnderLoad() {
    assertThat(victims(CompactionGoal.UNDER_LOAD, SEGMENTS * SEGMENT_BYTES)).isEmpty();
  }

  @Test
  void moreGarbageThanIsSparedGoesUnderLoad() {
    assertThat(victims(CompactionGoal.UNDER_LOAD, SEGMENT_BYTES)).isNotEmpty();
  }

  @Test
  void garbageGoesWithoutLoadHoweverLittle() {
    assertThat(victims(CompactionGoal.IDLE, SEGMENTS * SEGMENT_BYTES)).isNotEmpty();
    assertThat(victims(CompactionGoal.ALL, SEGMENTS * SEGMENT_BYTES)).isNotEmpty();
  }

  private static List<SegmentFigures> victims(CompactionGoal goal, int spareBytes) {
    List<SegmentFigures> all =
        IntStream.range(0, SEGMENTS).mapToObj(CompactionPlanTest::mostlyStale).toList();
    CompactionPlan.Amounts amounts = new CompactionPlan.Amounts(SEGMENT_BYTES, spareBytes, false);
    return new CompactionPlan(all, goal, amounts).victims(Long.MAX_VALUE);
  }

  private static SegmentFigures mostlyStale(int i) {
    SegmentHeader header = new SegmentHeader(i + 1, SEGMENT_BYTES, i, SegmentHeader.LOG);
    Segment segment = new Segment(header, null, ByteBuffer.allocate(64), null);
    segment.seal();
    long live = SEGMENT_BYTES / 16;
    return new SegmentFigures(
        segment, true, SEGMENT_BYTES, live, SEGMENT_BYTES - live, 0, i + 1, i + 1);
  }
}
