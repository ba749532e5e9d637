package io.kvstore.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Damage;
import io.kvstore.recovery.MadeLog;
import io.kvstore.recovery.RecoveryRulesTest;
import io.kvstore.segment.MadeSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which places verification names; whether it finds any is for {@link RecoveryRulesTest}. */
class LogVerdictTest {
  @TempDir Path directory;
  private MadeLog log;

  @BeforeEach
  void createLog() {
    log = new MadeLog(directory);
  }

  private Path file(int segment) {
    return directory.resolve("000000000" + segment + ".segment");
  }

  private List<Damage> places() throws IOException {
    return log.inspect().places();
  }

  @Test
  void wholeLogHasNone() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).mark(1).seal(1), MadeSegment.of(2).put("b", 2).mark(2));

    assertThat(places()).isEmpty();
  }

  @Test
  void damageIsBoundedByTheChangesAround() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged().put("c", 3).put("d", 4).mark(4));

    assertThat(places())
        .containsExactly(new Damage(file(1), 56, 24, 2, 2, "there is no whole record"));
  }

  @Test
  void damageAtTheEndHasNoBound() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged().mark(2));

    assertThat(places())
        .containsExactly(new Damage(file(1), 56, 24, 2, 0, "there is no whole record"));
  }

  @Test
  void segmentWithoutASealIsOneIfThereAreChangesBehind() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1), MadeSegment.of(2).put("b", 2).mark(2));

    assertThat(places())
        .containsExactly(new Damage(file(1), 56, 0, 2, 1, "the segment ends without a seal"));
  }

  @Test
  void segmentWithoutASealIsOneIfThereIsAMarkBehind() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1), MadeSegment.of(2).mark(2));

    assertThat(places())
        .containsExactly(new Damage(file(1), 56, 0, 2, 0, "the segment ends without a seal"));
  }

  @Test
  void segmentWithoutASealIsOneIfThereIsDamageBehind() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1), MadeSegment.of(2).put("b", 2).damaged().mark(2));

    assertThat(places())
        .containsExactly(
            new Damage(file(1), 56, 0, 2, 0, "the segment ends without a seal"),
            new Damage(file(2), 32, 24, 2, 0, "there is no whole record"));
  }

  @Test
  void emptySegmentsBehindItMakeItNone() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1), MadeSegment.of(2));

    assertThat(places()).isEmpty();
  }

  @Test
  void blankFileIsOneIfThereAreChangesBehind() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).seal(1), MadeSegment.of(3).put("c", 3));
    log.with("0000000002.segment", new byte[MadeSegment.CAPACITY]);

    assertThat(places())
        .containsExactly(new Damage(file(2), 0, 0, 2, 2, "the header of the segment is not whole"));
  }

  @Test
  void blankFileAtTheEndIsNamedOnce() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).seal(1));
    log.with("0000000002.segment", new byte[MadeSegment.CAPACITY]);

    assertThat(places()).extracting(Damage::file).hasSize(1).first().asString().contains("02.");
  }

  @Test
  void endIsOneIfMoreHadBeenSynced() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).mark(2));

    assertThat(places())
        .containsExactly(
            new Damage(file(1), 80, 0, 2, 0, "no whole record of change 2, though 2 were synced"));
  }
}
