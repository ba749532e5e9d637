package io.kvstore.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CauseTest {
  private static final Stall STALL = stall(0);

  @Test
  void pauseOfMostOfTheStallIsToBlame() {
    assertThat(verdict(List.of(pause(90, 160, true)), List.of())).isEqualTo("GC");
    assertThat(verdict(List.of(pause(90, 160, false)), List.of())).isEqualTo("safepoint");
  }

  /** The idle thread is late in a pause as well; that is not the machine's fault. */
  @Test
  void pauseIsNotTakenForTheMachine() {
    List<Pause> pauses = List.of(pause(90, 190, true));

    Cause cause = Cause.of(STALL, pauses, List.of(new Span(80, 195)));

    assertThat(cause.verdict()).isEqualTo("GC");
    assertThat(cause.machineNanos()).isEqualTo(5);
  }

  @Test
  void machineIsToBlameForWhatHitAnIdleThreadToo() {
    assertThat(verdict(List.of(pause(0, 100, true)), List.of(new Span(110, 190))))
        .isEqualTo("machine");
  }

  @Test
  void storeIsToBlameForWhatNothingElseHad() {
    assertThat(verdict(List.of(pause(90, 110, true)), List.of(new Span(150, 160))))
        .isEqualTo("store");
  }

  @Test
  void threadWithoutProcessorIsNotTheStoresFault() {
    assertThat(Cause.of(stall(60), List.of(), List.of()).verdict()).isEqualTo("processor");
  }

  private static Stall stall(long waitNanos) {
    return new Stall(0, "get", new Span(100, 200), 100, 100, waitNanos, 100, 1);
  }

  private static String verdict(List<Pause> pauses, List<Span> hiccups) {
    return Cause.of(STALL, pauses, hiccups).verdict();
  }

  private static Pause pause(long start, long end, boolean collects) {
    return new Pause(new Span(start, end), "a pause", collects);
  }
}
