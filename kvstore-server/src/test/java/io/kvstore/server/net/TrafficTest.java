package io.kvstore.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int OK = 0;
  private static final int ERROR = 1;

  private final Traffic traffic = new Traffic(List.of("read", "write"), 2);
  private final RequestMeter meter = traffic.meter();

  @Test
  void answersAreCountedByOperationAndOutcome() {
    meter.begun();
    meter.answered(READ, OK);
    meter.begun();
    meter.answered(READ, ERROR);
    meter.begun();
    meter.answered(WRITE, OK);
    meter.sent(false);

    assertThat(traffic.answers(READ, OK)).isOne();
    assertThat(traffic.answers(READ, ERROR)).isOne();
    assertThat(traffic.answers(WRITE, OK)).isOne();
    assertThat(traffic.answers()).isEqualTo(3);
    assertThat(traffic.latencies(READ).count()).isEqualTo(2);
    assertThat(traffic.latencies(WRITE).count()).isOne();
  }

  @Test
  void eventLoopsAreAddedUp() throws Exception {
    Thread other = new Thread(() -> read(traffic.meter()));
    other.start();
    read(meter);
    other.join();

    assertThat(traffic.answers(READ, OK)).isEqualTo(2);
    assertThat(traffic.latencies(READ).count()).isEqualTo(2);
  }

  private static void read(RequestMeter meter) {
    meter.begun();
    meter.answered(READ, OK);
    meter.sent(false);
  }

  @Test
  void timeOfWhatIsAnsweredLaterIsItsOwn() {
    meter.begun();
    meter.sent(true);
    meter.answered(WRITE, OK);
    long before = traffic.latencies(WRITE).nanos();
    meter.begun();
    meter.answered(READ, OK);
    meter.sent(false);

    assertThat(traffic.latencies(WRITE).count()).isOne();
    assertThat(traffic.latencies(WRITE).nanos()).isEqualTo(before);
    assertThat(traffic.latencies(READ).count()).isOne();
  }

  @Test
  void onlyTheLastErrorsAreKept() {
    for (int i = 0; i <= RecentErrors.CAPACITY; i++) {
      traffic.errors().add(Instant.EPOCH, "test", "error " + i);
    }

    assertThat(traffic.errors().all()).hasSize(RecentErrors.CAPACITY);
    assertThat(traffic.errors().all().get(0).text()).isEqualTo("error 1");
  }
}
