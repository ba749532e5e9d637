package io.kvstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordWalkTest {
  /** One step of a walk, and the start of the damage before it; -1 at the end. */
  private record Step(int at, int next, int damagedFrom) {}

  private static Segment segment(MadeSegment made, boolean damageIsKnown) {
    Segment segment =
        new Segment(made.header(), Path.of("file"), ByteBuffer.wrap(made.toBytes()), null);
    if (damageIsKnown) {
      segment.becomeDamaged();
    }
    return segment;
  }

  private static List<Step> steps(RecordWalk walk) {
    List<Step> steps = new ArrayList<>();
    while (walk.advance()) {
      assertThat(walk.record().sequence()).isPositive();
      steps.add(new Step(walk.at(), walk.next(), walk.damagedFrom()));
    }
    if (walk.damagedFrom() >= 0) {
      steps.add(new Step(-1, walk.at(), walk.damagedFrom()));
    }
    return steps;
  }

  @Test
  void everyRecordIsComeBy() {
    MadeSegment made = MadeSegment.of(1).put("a", 1).delete("b", 2).mark(2).seal(2);

    for (boolean known : new boolean[] {false, true}) {
      assertThat(steps(new RecordWalk(segment(made, known), made.end())))
          .containsExactly(
              new Step(32, 56, -1),
              new Step(56, 80, -1),
              new Step(80, 104, -1),
              new Step(104, 128, -1));
    }
  }

  @Test
  void walkMayStartInTheMiddleAndEndSooner() {
    MadeSegment made = MadeSegment.of(1).put("a", 1).put("b", 2).put("c", 3);

    assertThat(steps(new RecordWalk(segment(made, false), 56, 80)))
        .containsExactly(new Step(56, 80, -1));
    assertThat(steps(new RecordWalk(segment(made, false), 80, 80))).isEmpty();
  }

  @Test
  void walkGoesOnWhenTheSegmentHasGrown() {
    MadeSegment made = MadeSegment.of(1).put("a", 1).put("b", 2);
    RecordWalk walk = new RecordWalk(segment(made, false), 56);
    assertThat(steps(walk)).hasSize(1);

    walk.extendTo(80);

    assertThat(steps(walk)).containsExactly(new Step(56, 80, -1));
  }

  @Test
  void knownDamageIsGoneAround() {
    MadeSegment made = MadeSegment.of(1).put("a", 1).put("b", 2).damaged().put("c", 3);

    assertThat(steps(new RecordWalk(segment(made, true), made.end())))
        .containsExactly(new Step(32, 56, -1), new Step(80, 104, 56));
  }

  @Test
  void damageOfSeveralRecordsIsOnePlace() {
    MadeSegment made = MadeSegment.of(1).put("a", 1).damaged().put("b", 2).damaged().put("c", 3);

    assertThat(steps(new RecordWalk(segment(made, true), made.end())))
        .containsExactly(new Step(80, 104, 32));
  }

  @Test
  void damageMayReachTheEnd() {
    MadeSegment made = MadeSegment.of(1).put("a", 1).put("b", 2).damaged();

    assertThat(steps(new RecordWalk(segment(made, true), made.end())))
        .containsExactly(new Step(32, 56, -1), new Step(-1, 80, 56));
  }

  @Test
  void lengthThatMakesNoSenseIsDamageThoughNoneIsKnown() {
    MadeSegment made = MadeSegment.of(1).put("a", 1).put("b", 2);
    made.damagedAt(32 + 7).put("c", 3); // the value length, beyond the file

    assertThat(steps(new RecordWalk(segment(made, false), made.end())))
        .containsExactly(new Step(56, 80, 32), new Step(80, 104, -1));
  }

  @Test
  void recordThatGoesOnBehindTheEndIsNotTrusted() {
    MadeSegment made = MadeSegment.of(1).put("a", 1).put("b", 2);
    made.damagedAt(56 + 4 + 1); // 256 more bytes, within the file

    assertThat(steps(new RecordWalk(segment(made, false), made.end())))
        .containsExactly(new Step(32, 56, -1), new Step(-1, 80, 56));
  }
}
