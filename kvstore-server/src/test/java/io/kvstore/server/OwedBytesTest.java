package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.net.SendBudget;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The accounting of what is owed, over both protocols: what is taken comes back in every case. */
class OwedBytesTest {
  private static final int LIMIT = 16 << 20;
  private static final int LENGTH = 10 << 20;
  private static final Duration WAIT = Duration.ofMinutes(1);

  private TestServer server;
  private SendBudget budget;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(Map.of("max-sending-bytes", "" + LIMIT, "resp-port", "0"));
    budget = server.sending();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void replyThatIsNotReadCountsUntilTheClientIsGone() throws IOException {
    try (RawClient lazy = redis()) {
      lazy.send(echo());
      awaitTaken(true);

      assertThat(reply("*2\r\n$4\r\nECHO\r\n$" + LENGTH + "\r\n" + "x".repeat(LENGTH) + "\r\n"))
          .startsWith("-OOM ")
          .contains("" + LIMIT);
      assertThat(budget.refusals()).isPositive();
      assertThat(reply("*1\r\n$4\r\nPING\r\n")).isEqualTo("+PONG");
    }
    awaitTaken(false);
  }

  @Test
  void listingIsRejectedWhileNothingIsLeft() throws IOException {
    SendBudget.Share others = budget.share();
    others.add(2 * LIMIT);
    try (RawClient client = server.connect()) {
      client.send("GET /?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");

      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.text()).contains("" + LIMIT);
      assertThat(answer.field("Retry-After")).isEqualTo("1");

      others.close();
      client.send("GET /?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
    awaitTaken(false);
  }

  @Test
  void memoryOfATransactionComesBackHoweverItEnds() throws IOException {
    String write = "SETRANGE k " + LENGTH + " x\r\n";
    try (RawClient client = redis()) {
      // Executed, rejected for want of memory, discarded, and not executed as a watched key
      // changed.
      client.send("MULTI\r\n" + write + "EXEC\r\n");
      assertThat(client.line()).isEqualTo("+OK");
      assertThat(client.line()).isEqualTo("+QUEUED");
      assertThat(client.line()).isEqualTo("*1");
      assertThat(client.line()).isEqualTo(":" + (LENGTH + 1));
      awaitTaken(false);
      client.send("MULTI\r\n" + write + write.replace('k', 'l') + "EXEC\r\n");
      for (String line : new String[] {"+OK", "+QUEUED", "+QUEUED", "*2", ":" + (LENGTH + 1)}) {
        assertThat(client.line()).isEqualTo(line);
      }
      assertThat(client.line()).startsWith("-OOM ");
      awaitTaken(false);
      client.send("WATCH w\r\nSET w 1\r\nMULTI\r\n" + write + "EXEC\r\n");
      for (String line : new String[] {"+OK", "+OK", "+OK", "+QUEUED", "*-1"}) {
        assertThat(client.line()).isEqualTo(line);
      }
      awaitTaken(false);
    }
  }

  @Test
  void messageToManyCountsOnce() throws IOException {
    try (RawClient one = redis();
        RawClient other = redis()) {
      for (RawClient client : new RawClient[] {one, other}) {
        client.send("SUBSCRIBE c\r\n");
        for (int i = 0; i < 6; i++) {
          var unused = client.line();
        }
      }

      String payload = "p".repeat(LENGTH);
      assertThat(reply("*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$" + LENGTH + "\r\n" + payload + "\r\n"))
          .isEqualTo(":2");

      for (RawClient client : new RawClient[] {one, other}) {
        for (String line : "*3 $7 message $1 c".split(" ", -1)) {
          assertThat(client.line()).isEqualTo(line);
        }
        assertThat(client.line()).isEqualTo("$" + LENGTH);
        assertThat(client.line()).isEqualTo(payload);
      }
    }
    awaitTaken(false);
  }

  private static String echo() {
    return "*2\r\n$4\r\nECHO\r\n$" + LENGTH + "\r\n" + "e".repeat(LENGTH) + "\r\n";
  }

  private RawClient redis() throws IOException {
    return RawClient.connect(server.respAddress());
  }

  private String reply(String command) throws IOException {
    try (RawClient client = redis()) {
      client.send(command);
      return client.line();
    }
  }

  private void awaitTaken(boolean any) {
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (budget.taken() > LIMIT / 4 != any) {
      assertThat(deadline - System.nanoTime()).as("time left").isPositive();
      LockSupport.parkNanos(1_000_000);
    }
    while (!any && budget.taken() > 0) {
      assertThat(deadline - System.nanoTime()).as("time left").isPositive();
      LockSupport.parkNanos(1_000_000);
    }
  }
}
