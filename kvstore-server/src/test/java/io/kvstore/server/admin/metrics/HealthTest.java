package io.kvstore.server.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HealthTest {
  private final Health health = new Health();

  @Test
  void storeThatIsBeingOpenedIsLiveButNotReady() {
    health.opening(1, 4);

    assertThat(health.live().status().code()).isEqualTo(200);
    assertThat(health.ready())
        .hasToString(
            "503 Service Unavailable {\"status\":\"opening\",\"reason\":\"the store is being"
                + " opened\",\"bytesDone\":1,\"bytesTotal\":4}");
  }

  @Test
  void serverThatServesIsReady() {
    health.serving();

    assertThat(health.ready().status().code()).isEqualTo(200);
  }

  @Test
  void storeThatTakesNoWritesIsNotReadyAndSaysWhy() {
    health.serving();
    health.rejectsWrites("the disk is gone");

    assertThat(health.ready())
        .hasToString(
            "503 Service Unavailable {\"status\":\"read-only\",\"reason\":\"the store rejects"
                + " writes until it is reopened: the disk is gone\"}");
  }

  @Test
  void fullStoreIsNotReadyUntilThereIsRoom() {
    health.serving();
    health.full("the disk is full");

    assertThat(health.ready())
        .hasToString(
            "503 Service Unavailable {\"status\":\"full\",\"reason\":\"the store is full and"
                + " rejects puts: the disk is full\"}");

    health.full(null);
    assertThat(health.ready().status().code()).isEqualTo(200);
  }

  @Test
  void serverThatStopsIsNotReady() {
    health.serving();
    health.draining();

    assertThat(health.ready().status().code()).isEqualTo(503);
    assertThat(health.ready()).asString().contains("draining");
  }
}
