package io.kvstore.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes of new segments against the disk space that the README promises. */
class SegmentSizesTest {
  private static final long MIB = 1 << 20;

  private final SegmentSizes sizes =
      new SegmentSizes((int) (64 * MIB), SegmentSizes.UNLIMITED, false);

  @Test
  void segmentsUnderLoadGrowToHalfOfTheMaximum() {
    assertThat(sizes.next(0)).isEqualTo((int) MIB);
    assertThat(sizes.next(64 * MIB)).isEqualTo((int) (2 * MIB));
    assertThat(sizes.next(128 * MIB)).isEqualTo((int) (16 * MIB));
    assertThat(sizes.next(192 * MIB)).isEqualTo((int) (32 * MIB));
    assertThat(sizes.next(1024 * MIB)).isEqualTo((int) (32 * MIB));
    assertThat(sizes.next(2048 * MIB)).isEqualTo((int) (64 * MIB));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 10, 50, 100, 130, 200, 400, 1000, 3000, 10_000})
  void activeAndPreparedSegmentFitIntoTheBoundUnderLoad(long liveMib) {
    long live = liveMib * MIB;
    // What compaction leaves under load.
    long log = Math.max(live * 17 / 10, live + sizes.spareBytes());
    assertThat(log + 2L * sizes.next(log)).isLessThanOrEqualTo(2 * live + (64 + 4) * MIB);
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 130, 200, 400, 1000, 3000, 10_000})
  void activeAndPreparedSegmentFitIntoTheBoundAtRest(long liveMib) {
    long live = liveMib * MIB;
    // What compaction leaves at rest, and what the active segment may waste.
    long log = live * 115 / 100 + live / 16;
    assertThat(log + sizes.atRest(live)).isLessThanOrEqualTo(live * 13 / 10);
  }

  @Test
  void storeInMemoryKeepsSmallSegments() {
    SegmentSizes inMemory = new SegmentSizes((int) (64 * MIB), SegmentSizes.UNLIMITED, true);
    assertThat(inMemory.next(192 * MIB)).isEqualTo((int) (4 * MIB));
  }

  @Test
  void limitAlsoLimitsSegments() {
    SegmentSizes limited = new SegmentSizes((int) (64 * MIB), 256 * MIB, false);
    assertThat(limited.next(200 * MIB)).isEqualTo((int) (16 * MIB));
  }
}
