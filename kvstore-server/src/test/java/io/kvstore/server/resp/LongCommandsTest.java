package io.kvstore.server.resp;

import static io.kvstore.server.resp.RespClient.latin1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.net.Budgets;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.session.Authentication;
import io.kvstore.server.testing.WatchedStore;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands with more work than a turn: they do it elsewhere than on the event loop. */
class LongCommandsTest {
  private static final int MANY = 4 * Turn.MAX_WORK;
  private static final String LARGE = "1".repeat((Turn.MAX_WORK + 1) * Turn.BYTES_PER_UNIT);

  private final WatchedStore store = new WatchedStore();
  private final RespServer server = RespServer.start(store.changed());

  @BeforeEach
  void put() {
    store.behind().put(latin1("large"), latin1(LARGE));
    for (int i = 0; i < MANY; i++) {
      store.behind().put(latin1("k" + i), latin1("v"));
    }
    store.reset();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MGET {k}",
        "EXISTS {k}",
        "DEL {k}",
        "TOUCH {k}",
        "MSET {k v}",
        "MSETNX {m v}",
        "WATCH {k}",
        "BITOP OR to {k}",
        "BITCOUNT large",
        "BITPOS large 0",
        "SETBIT large 0 1",
        "SETBIT far 8000000 1",
        "SETRANGE far 900000 x",
        "APPEND large x",
        "GETDEL large",
        "COPY large to",
        "RENAME large to",
        "EXPIRE large 100",
        "SCAN 0 COUNT 10000 MATCH nothing",
        "KEYS nothing",
        "RANDOMKEY",
        "FLUSHALL"
      })
  void eventLoopDoesNoMoreThanATurn(String command) throws IOException {
    try (RespClient client = server.connect()) {
      String reply = client.call(words(command));

      assertThat(reply).doesNotStartWith("-");
      assertThat(store.workOnLoops()).isLessThanOrEqualTo(Turn.MAX_WORK + 1);
      assertThat(store.workElsewhere()).isPositive();
      assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
    }
  }

  /** Repeats what is in braces, each time with another key. */
  private static String[] words(String command) {
    int open = command.indexOf('{');
    if (open < 0) {
      return command.split(" ");
    }
    String[] part = command.substring(open + 1, command.length() - 1).split(" ");
    List<String> words = new ArrayList<>(List.of(command.substring(0, open).split(" ")));
    for (int i = 0; i < MANY; i++) {
      words.add(part[0] + i);
      words.addAll(List.of(part).subList(1, part.length));
    }
    return words.toArray(String[]::new);
  }

  @Test
  void largeValueIsStoredElsewhere() throws IOException {
    try (RespClient client = server.connect()) {
      assertThat(client.call("SET", "new", LARGE)).isEqualTo("+OK\r\n");

      assertThat(store.workOnLoops()).isZero();
      assertThat(store.behind().get(latin1("new"))).isEqualTo(latin1(LARGE));
    }
  }

  @Test
  void longCommandLetsOthersRunWhileItArrives() {
    RespChannel channel =
        new RespChannel(
            store.changed(),
            RespServer.limits(),
            Authentication.OPEN,
            first -> {},
            Budgets.unlimited());
    EmbeddedChannel connection = new EmbeddedChannel(channel);
    byte[] command = RespClient.command(List.of("SET", "k", LARGE));
    int part = 16 << 10;
    int at = 0;
    while (at < command.length && connection.config().isAutoRead()) {
      int end = Math.min(command.length, at + part);
      connection.pipeline().fireChannelRead(Unpooled.wrappedBuffer(command, at, end - at));
      at = end;
    }
    assertThat(connection.config().isAutoRead()).as("in one go").isFalse();
    assertThat(at).isLessThanOrEqualTo(Turn.MAX_WORK * Turn.BYTES_PER_UNIT);

    connection.pipeline().fireChannelReadComplete();
    connection.runScheduledPendingTasks();

    assertThat(connection.config().isAutoRead()).as("in the next turn").isTrue();
    connection.finishAndReleaseAll();
  }

  @Test
  void veryLongCommandsArriveWhole() throws IOException {
    StringBuilder value = new StringBuilder();
    for (int i = 0; value.length() < 7 << 20; i++) {
      value.append(i).append(' ');
    }
    try (RespClient client = server.connect()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      // Longer than a value may be, but not than a command.
      String[] words = new String[1 + 2 * 14];
      words[0] = "MSET";
      for (int i = 0; i < 14; i++) {
        words[1 + 2 * i] = "p" + i;
        words[2 + 2 * i] = value.substring(i << 19, (i + 1) << 19);
      }
      all.writeBytes(RespClient.command(List.of(words)));
      all.writeBytes(RespClient.command(List.of(words)));
      all.writeBytes(latin1("PING\r\n"));

      client.send(all.toByteArray());

      assertThat(client.reply()).isEqualTo("+OK\r\n");
      assertThat(client.reply()).isEqualTo("+OK\r\n");
      assertThat(client.reply()).isEqualTo("+PONG\r\n");
      for (int i = 0; i < 14; i++) {
        assertThat(store.behind().get(latin1("p" + i))).isEqualTo(latin1(words[2 + 2 * i]));
      }
    }
  }

  @Test
  void commandsBehindALongOneKeepTheirPlace() throws IOException {
    try (RespClient client = server.connect()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(latin1("ECHO before\r\n"));
      all.writeBytes(RespClient.command(List.of(words("DEL {k}"))));
      all.writeBytes(latin1("EXISTS k0\r\nSET k0 w\r\nGET k0\r\n"));
      all.writeBytes(RespClient.command(List.of("SET", "large", LARGE + "2")));
      all.writeBytes(latin1("STRLEN large\r\nECHO after\r\n"));
      client.send(all.toByteArray());

      assertThat(client.reply()).isEqualTo("$6\r\nbefore\r\n");
      assertThat(client.reply()).isEqualTo(":" + MANY + "\r\n");
      assertThat(client.reply()).isEqualTo(":0\r\n");
      assertThat(client.reply()).isEqualTo("+OK\r\n");
      assertThat(client.reply()).isEqualTo("$1\r\nw\r\n");
      assertThat(client.reply()).isEqualTo("+OK\r\n");
      assertThat(client.reply()).isEqualTo(":" + (LARGE.length() + 1) + "\r\n");
      assertThat(client.reply()).isEqualTo("$5\r\nafter\r\n");
    }
  }

  @Test
  void longTransactionIsAtomicAndDoneElsewhere() throws IOException {
    try (RespClient client = server.connect();
        RespClient other = server.connect()) {
      ByteArrayOutputStream transaction = new ByteArrayOutputStream();
      transaction.writeBytes(latin1("MULTI\r\n"));
      for (int i = 0; i < MANY; i++) {
        transaction.writeBytes(latin1("INCR n\r\nSET a" + i + " x\r\n"));
      }
      transaction.writeBytes(latin1("EXEC\r\n"));
      client.line("WATCH n");

      client.send(transaction.toByteArray());
      for (int i = 0; i <= 2 * MANY; i++) {
        client.reply();
      }
      assertThat(client.reply()).contains(":" + MANY + "\r\n");
      assertThat(store.workOnLoops()).isLessThanOrEqualTo(Turn.MAX_WORK);

      client.line("WATCH n");
      other.line("SET n 7");
      client.send(transaction.toByteArray());
      for (int i = 0; i <= 2 * MANY; i++) {
        client.reply();
      }
      assertThat(client.reply()).isEqualTo("*-1\r\n");
      assertThat(client.line("GET n")).isEqualTo("$1\r\n7\r\n");
    }
  }

  @Test
  void messagesToManySubscriptionsKeepTheirOrder() throws IOException {
    int patterns = 10 * 64;
    try (RespClient subscriber = server.connect();
        RespClient publisher = server.connect()) {
      subscriber.send(
          Stream.concat(
                  Stream.of("PSUBSCRIBE"),
                  IntStream.range(0, patterns).mapToObj(i -> "*".repeat(i + 1)))
              .toArray(String[]::new));
      for (int i = 0; i < patterns; i++) {
        assertThat(subscriber.reply()).endsWith(":" + (i + 1) + "\r\n");
      }
      publisher.send(
          latin1("PUBLISH c 1\r\nPUBLISH c 2\r\nMULTI\r\nPUBLISH c 3\r\nPUBLISH c 4\r\nEXEC\r\n"));

      assertThat(publisher.reply()).isEqualTo(":" + patterns + "\r\n");
      assertThat(publisher.reply()).isEqualTo(":" + patterns + "\r\n");
      for (int message = 1; message <= 4; message++) {
        for (int i = 0; i < patterns; i++) {
          assertThat(subscriber.reply()).endsWith("$1\r\n" + message + "\r\n");
        }
      }
      assertThat(subscriber.line("PUNSUBSCRIBE")).contains("punsubscribe");
    }
  }

  @Test
  void manyChannelsAreConfirmedInOrderAndBeforeTheirMessages() throws IOException {
    try (RespClient subscriber = server.connect();
        RespClient publisher = server.connect()) {
      subscriber.send(words("SUBSCRIBE {c}"));
      for (int i = 0; i < MANY; i++) {
        assertThat(subscriber.reply()).endsWith("c" + i + "\r\n:" + (i + 1) + "\r\n");
      }
      assertThat(publisher.line("PUBLISH c7 hello")).isEqualTo(":1\r\n");
      assertThat(subscriber.reply()).contains("hello");

      assertThat(subscriber.line("RESET")).isEqualTo("+RESET\r\n");
      assertThat(publisher.line("PUBLISH c7 hello")).isEqualTo(":0\r\n");
      assertThat(publisher.line("PUBSUB CHANNELS")).isEqualTo("*0\r\n");
    }
  }

  @Test
  void commandsWithManyArgumentsAreAnswered() throws IOException {
    try (RespClient client = server.connect()) {
      assertThat(client.call(words("COMMAND INFO {x}"))).startsWith("*" + MANY + "\r\n");
      assertThat(client.call(words("PUBSUB NUMSUB {x}"))).startsWith("*" + 2 * MANY + "\r\n");
      assertThat(client.call(words("CONFIG GET {x}"))).isEqualTo("*0\r\n");
      assertThat(client.call(words("CLIENT KILL {TYPE normal}")))
          .as("TYPE0 is no filter")
          .startsWith("-ERR syntax");
    }
  }

  @Test
  void filtersOfClientKillAreLimited() throws IOException {
    try (RespClient client = server.connect()) {
      String[] kill = new String[2 + 2 * 100_000];
      Arrays.fill(kill, "TYPE");
      kill[0] = "CLIENT";
      kill[1] = "KILL";
      for (int i = 3; i < kill.length; i += 2) {
        kill[i] = "pubsub";
      }

      assertThat(client.call(kill)).isEqualTo("-ERR more than the limit of 64 filters\r\n");
      assertThat(client.call("PING")).isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void commonSubsequencesAreThoseOfTheTextbook() throws IOException {
    Random random = new Random(15);
    try (RespClient client = server.connect()) {
      for (int i = 0; i < 300; i++) {
        byte[] a = random(random);
        byte[] b = random(random);
        store.behind().put(latin1("a"), a);
        store.behind().put(latin1("b"), b);

        String expected = common(a, b);

        String reply = client.line("LCS a b");
        assertThat(reply).isEqualTo("$" + expected.length() + "\r\n" + expected + "\r\n");
        assertThat(client.line("LCS a b LEN")).isEqualTo(":" + expected.length() + "\r\n");
      }
    }
  }

  private static byte[] random(Random random) {
    byte[] text = new byte[1 + random.nextInt(200)];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + random.nextInt(1 + random.nextInt(6)));
    }
    return text;
  }

  /** The subsequence that Redis finds, with the whole table. */
  private static String common(byte[] a, byte[] b) {
    int[][] lengths = new int[a.length + 1][b.length + 1];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        lengths[i][j] =
            a[i - 1] == b[j - 1]
                ? lengths[i - 1][j - 1] + 1
                : Math.max(lengths[i - 1][j], lengths[i][j - 1]);
      }
    }
    StringBuilder common = new StringBuilder();
    for (int i = a.length, j = b.length; i > 0 && j > 0; ) {
      if (a[i - 1] == b[j - 1]) {
        common.append((char) a[i - 1]);
        i--;
        j--;
      } else if (lengths[i - 1][j] > lengths[i][j - 1]) {
        i--;
      } else {
        j--;
      }
    }
    return common.reverse().toString();
  }
}
