package io.kvstore.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.session.Authentication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The limits of what a client can make the server do or hold. */
class RespLimitsTest {
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Authentication PASSWORD =
      Authentication.password(RespClient.latin1("secret"));

  private static RespLimits limits(int connections, Duration idle, Duration stall) {
    return new RespLimits(RespServer.MAX_VALUE_BYTES, connections, idle, stall);
  }

  @Test
  void unauthenticatedClientsMayOnlyAuthenticate() throws Exception {
    try (RespServer server = RespServer.start(RespServer.limits(), PASSWORD);
        RespClient client = server.connect()) {
      assertThat(client.line("GET a")).isEqualTo("-NOAUTH Authentication required.\r\n");
      assertThat(client.line("HELLO 3")).startsWith("-NOAUTH HELLO must be called");
      assertThat(client.line("AUTH wrong")).startsWith("-WRONGPASS invalid username-password pair");
      assertThat(client.line("AUTH other secret")).startsWith("-WRONGPASS");
      assertThat(client.line("HELLO 3 AUTH default secret")).startsWith("%7\r\n");
      assertThat(client.line("GET a")).isEqualTo("_\r\n");
      assertThat(client.line("RESET")).isEqualTo("+RESET\r\n");
      assertThat(client.line("GET a")).isEqualTo("-NOAUTH Authentication required.\r\n");
      assertThat(client.line("AUTH secret")).isEqualTo("+OK\r\n");
      assertThat(client.line("GET a")).isEqualTo("$-1\r\n");
    }
  }

  @Test
  void unauthenticatedClientsMaySendShortCommandsOnly() throws Exception {
    try (RespServer server = RespServer.start(RespServer.limits(), PASSWORD)) {
      assertThat(sent(server, "*11\r\n"))
          .isEqualTo("-ERR Protocol error: unauthenticated multibulk length\r\n");
      assertThat(sent(server, "*1\r\n$16385\r\n"))
          .isEqualTo("-ERR Protocol error: unauthenticated bulk length\r\n");
    }
  }

  private static String sent(RespServer server, String bytes) throws Exception {
    try (RespClient client = server.connect()) {
      client.send(RespClient.latin1(bytes));
      return client.rest();
    }
  }

  @Test
  void excessClientGetsAnError() throws Exception {
    try (RespServer server =
            RespServer.start(limits(1, Duration.ZERO, RespLimits.STALL_TIME), Authentication.OPEN);
        RespClient first = server.connect()) {
      first.call("PING");

      try (RespClient second = server.connect()) {
        assertThat(second.rest()).isEqualTo("-ERR max number of clients reached\r\n");
      }
      assertThat(first.call("PING")).isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void clientsThatStallAreDisconnectedAndQuietOnesAreNot() throws Exception {
    try (RespServer server =
            RespServer.start(limits(10, Duration.ZERO, SOON), Authentication.OPEN);
        RespClient quiet = server.connect();
        RespClient stalling = server.connect()) {
      quiet.call("PING");
      stalling.send(RespClient.latin1("*2\r\n$3\r\nGET\r\n"));

      assertThat(stalling.rest()).isEmpty();
      assertThat(quiet.call("PING")).isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void quietClientsAreDisconnectedWhereThatIsWantedUnlessTheyWaitForMessages() throws Exception {
    Duration idle = Duration.ofSeconds(2);
    try (RespServer server = RespServer.start(limits(10, idle, idle), Authentication.OPEN);
        RespClient subscriber = server.connect()) {
      subscriber.call("SUBSCRIBE", "a");

      try (RespClient quiet = server.connect()) {
        assertThat(quiet.rest()).isEmpty();
      }

      assertThat(subscriber.call("PING")).contains("pong");
    }
  }

  @Test
  void clientThatTakesNoRepliesIsReadNoFurther() throws Exception {
    KvStore<byte[], byte[]> store = RespServer.store();
    store.put(RespClient.latin1("k"), new byte[RespServer.MAX_VALUE_BYTES]);
    int requests = 200;
    try (RespServer server = RespServer.start(store);
        RespClient client = server.connect();
        RespClient other = server.connect()) {
      client.send(RespClient.latin1("GET k\r\n".repeat(requests) + "SET done 1\r\n"));

      // Far fewer than all of the replies fit into what is between us.
      for (int i = 0; i < 100; i++) {
        assertThat(other.line("EXISTS done")).isEqualTo(":0\r\n");
      }
      for (int i = 0; i < requests; i++) {
        assertThat(client.reply()).hasSize(RespServer.MAX_VALUE_BYTES + 12);
      }
      assertThat(client.reply()).isEqualTo("+OK\r\n");
    }
  }

  @Test
  void subscriberThatTakesNoMessagesIsDisconnected() throws Exception {
    try (RespServer server = RespServer.start();
        RespClient subscriber = server.connect();
        RespClient publisher = server.connect()) {
      subscriber.call("SUBSCRIBE", "a");
      String message = "x".repeat(1 << 20);

      String receivers = ":1\r\n";
      for (int i = 0; i < 1_000 && receivers.equals(":1\r\n"); i++) {
        receivers = publisher.call("PUBLISH", "a", message);
      }

      assertThat(receivers).isEqualTo(":0\r\n");
    }
  }

  @Test
  void commandsOfManyClientsOnFewKeysAreOneStepEach() throws Exception {
    int clients = 4;
    int rounds = 300;
    try (RespServer server = RespServer.start();
        RespClient reader = server.connect()) {
      CountDownLatch start = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Thread thread = new Thread(() -> transfer(server, start, rounds));
        thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
        threads.add(thread);
        thread.start();
      }
      start.countDown();
      for (int i = 0; i < rounds; i++) {
        String sum = reader.line("MGET in out");
        String[] lines = sum.split("\r\n", -1);
        if (lines[1].equals("$-1")) {
          continue;
        }
        assertThat(Long.parseLong(lines[2])).isEqualTo(-Long.parseLong(lines[4]));
      }
      for (Thread thread : threads) {
        thread.join();
      }

      assertThat(failures).isEmpty();
      String all = Integer.toString(clients * rounds);
      assertThat(reader.line("GET counter")).endsWith(all + "\r\n");
      assertThat(reader.line("GET in")).endsWith(all + "\r\n");
    }
  }

  private static void transfer(RespServer server, CountDownLatch start, int rounds) {
    try (RespClient client = server.connect()) {
      start.await();
      for (int i = 0; i < rounds; i++) {
        client.line("INCR counter");
        client.send(RespClient.latin1("MULTI\r\nINCR in\r\nDECR out\r\nEXEC\r\n"));
        for (int k = 0; k < 3; k++) {
          client.reply();
        }
        assertThat(client.reply()).startsWith("*2\r\n:");
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void wholeStoreCommandsAreRejectedInTransactions() throws Exception {
    try (RespServer server = RespServer.start();
        RespClient client = server.connect()) {
      client.line("MULTI");

      assertThat(client.line("FLUSHALL"))
          .isEqualTo("-ERR Command not allowed inside a transaction\r\n");
      assertThat(client.line("EXEC")).startsWith("-EXECABORT");
    }
  }
}
