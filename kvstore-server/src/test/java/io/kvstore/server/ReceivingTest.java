package io.kvstore.server;

import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The memory budget for partially received requests of all connections. */
class ReceivingTest {
  private static final int LIMIT = 1 << 20;
  private static final int MORE_THAN_HALF = 700_000;
  private static final Duration WAIT = Duration.ofMinutes(1);

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(Map.of("max-receiving-bytes", "" + LIMIT, "resp-port", "0"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void bodyForWhichThereIsNoMemoryIsRejected() throws IOException {
    try (RawClient first = server.connect()) {
      first.send(half("/first"));
      awaitReceived();
      assertRejected();
      try (RawClient small = server.connect()) {
        small.send(with("value", "PUT /small"));
        assertThat(small.answer().status()).isEqualTo(201);
      }
    }
  }

  @Test
  void memoryComesBackWithTheAnswerAndWithTheEnd() throws IOException {
    String value = "x".repeat(MORE_THAN_HALF);
    try (RawClient client = server.connect()) {
      for (int i = 0; i < 5; i++) {
        client.send(with(value, "PUT /k" + i));
        assertThat(client.answer().status()).isEqualTo(201);
      }
      for (int i = 0; i < 5; i++) {
        try (RawClient leaving = server.connect()) {
          leaving.send(half("/gone"));
        }
      }
    }
    // The server may not have noticed yet that the last has left.
    for (int tries = 0; ; tries++) {
      try (RawClient client = server.connect()) {
        client.send(with(value, "PUT /last"));
        if (client.answer().status() == 201) {
          return;
        }
        assertThat(tries).isLessThan(10_000);
      }
    }
  }

  @Test
  void bodyThatCanNeverBeReceivedIsTooLarge() throws IOException {
    try (RawClient client = server.connect()) {
      client.send(with("x".repeat(2 * LIMIT), "PUT /k"));

      Answer rejected = client.answer();
      assertThat(rejected.status()).isEqualTo(413);
      assertThat(rejected.text()).contains("" + LIMIT);
    }
  }

  @Test
  void bothDoorsShareTheMemory() throws IOException {
    try (RawClient redis = RawClient.connect(server.respAddress())) {
      redis.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$900000\r\n" + "x".repeat(MORE_THAN_HALF));
      awaitReceived();
      assertRejected();
    }
  }

  /** Waits until the server has what was sent: until then another might take the memory first. */
  private void awaitReceived() {
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (server.receivingBytes() < MORE_THAN_HALF - ReceiveBudget.FREE_BYTES) {
      assertThat(deadline - System.nanoTime()).isPositive();
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void assertRejected() throws IOException {
    try (RawClient client = server.connect()) {
      client.send(with("x".repeat(MORE_THAN_HALF), "PUT /k"));

      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("" + LIMIT);
      assertThat(answer.field("Retry-After")).isEqualTo("1");
      assertThat(client.closed()).isTrue();
    }
  }

  private static String half(String path) {
    return "PUT "
        + path
        + " HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n"
        + "x".repeat(MORE_THAN_HALF);
  }
}
