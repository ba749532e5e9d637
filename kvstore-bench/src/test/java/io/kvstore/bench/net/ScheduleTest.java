package io.kvstore.bench.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final long START = 1_000_000_007L;
  private static final long MILLI = 1_000_000;

  @Test
  void operationsAreEvenlySpread() {
    Schedule schedule = Schedule.of(Period.startingAt(START, 0, 2), 1000, 0, 1);

    assertThat(schedule.count()).isEqualTo(2000);
    assertThat(schedule.due(0)).isEqualTo(START);
    assertThat(schedule.due(1)).isEqualTo(START + MILLI);
    assertThat(schedule.due(1999)).isEqualTo(START + 1999 * MILLI);
  }

  @Test
  void threadsShareARateByTurns() {
    Period period = Period.startingAt(START, 0, 1);
    Schedule first = Schedule.of(period, 1000, 0, 3);
    Schedule last = Schedule.of(period, 1000, 2, 3);

    assertThat(first.count() + Schedule.of(period, 1000, 1, 3).count() + last.count())
        .isEqualTo(1000);
    assertThat(first.due(1) - first.due(0)).isEqualTo(3 * MILLI);
    assertThat(last.due(0)).isEqualTo(START + 2 * MILLI);
  }

  @Test
  void longSchedulesDoNotDrift() {
    Schedule schedule = Schedule.of(Period.startingAt(START, 0, 3600), 300_000, 0, 1);

    assertThat(schedule.count()).isEqualTo(300_000L * 3600);
    assertThat(schedule.due(300_000L * 3599))
        .isBetween(
            START + TimeUnit.SECONDS.toNanos(3599) - 1000,
            START + TimeUnit.SECONDS.toNanos(3599) + 1000);
  }

  @Test
  void warmUpIsNotMeasured() {
    Schedule schedule = Schedule.of(Period.startingAt(START, 1, 2), 10, 0, 1);

    assertThat(schedule.count()).isEqualTo(30);
    assertThat(schedule.isMeasured(9)).isFalse();
    assertThat(schedule.isMeasured(10)).isTrue();
    assertThat(schedule.isMeasured(29)).isTrue();
  }

  @Test
  void connectionsHaveOperationsInTurnAndKeepTheirTimes() {
    ScheduledWork work = work(4, new Tally());
    Task task = new Task();

    assertThat(work.take(1, START, task)).isFalse();
    assertThat(work.take(1, START + 50 * MILLI, task)).isTrue();
    assertThat(task.dueNanos()).isEqualTo(START + MILLI);
    assertThat(work.take(1, START + 50 * MILLI, task)).isTrue();
    assertThat(task.dueNanos()).isEqualTo(START + 5 * MILLI);
    assertThat(work.nextDue(START + MILLI)).isZero();
    assertThat(work.nextDue(START + MILLI)).isEqualTo(1);
    assertThat(work.nextDue(START + MILLI)).isEqualTo(-1);
    assertThat(work.nanosToNextDue(START + MILLI)).isEqualTo(MILLI);
  }

  @Test
  void operationsThatAreFarTooLateAreCountedAndNotSent() {
    Tally tally = new Tally();
    ScheduledWork work = work(1, tally);
    Task task = new Task();

    assertThat(work.take(0, START + ScheduledWork.MAX_LATE_NANOS + 10 * MILLI, task)).isTrue();
    assertThat(task.dueNanos()).isEqualTo(START + 10 * MILLI);
    assertThat(tally.unsent()).isEqualTo(10);

    work.giveUp(0, START + 2 * ScheduledWork.MAX_LATE_NANOS);
    assertThat(tally.unsent()).isEqualTo(99);
    assertThat(work.isOver(START)).isTrue();
  }

  @Test
  void ratesAreOneOrASweepOrMax() {
    assertThat(Pace.parse("max")).containsExactly(Pace.MAX);
    assertThat(Pace.parse("5000")).containsExactly(new Pace(5000));
    assertThat(Pace.parse("100..300/3"))
        .containsExactly(new Pace(100), new Pace(200), new Pace(300));
    assertThat(Pace.parse("0.5")).hasToString("[0.500]");
    assertThatThrownBy(() -> Pace.parse("0")).hasMessageContaining("'0' is not a rate");
    assertThatThrownBy(() -> Pace.parse("1..2/0")).hasMessageContaining("is not a rate");
  }

  private static ScheduledWork work(int connections, Tally tally) {
    Schedule schedule = Schedule.of(Period.startingAt(START, 0, 0.1), 1000, 0, 1);
    Mix mix = new Mix(KeyChooser.uniform(10), 0.5, new Versions(10), new SplittableRandom(1));
    return new ScheduledWork(schedule, connections, mix, tally);
  }
}
