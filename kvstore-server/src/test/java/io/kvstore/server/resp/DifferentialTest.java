package io.kvstore.server.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.testing.LongForm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same commands to us and to a real Redis: the replies are the same, byte for byte. The seed is
 * printed; {@code -Dresp.commands=} makes the runs longer, {@code -Dresp.seed=} repeats one.
 */
class DifferentialTest {
  private static final int COMMANDS = LongForm.of("resp.commands", 4_000, 200_000);
  private static final int MAX_PIPELINE = 16;

  /** Their replies contain times, which pass between one server and the other. */
  private static final Set<String> TIMES = Set.of("ttl", "pttl", "expiretime", "pexpiretime");

  /** Their replies describe the server itself, or contain the time, unless they are rejected. */
  private static final Set<String> OWN = Set.of("hello", "time", "lastsave", "client", "command");

  private static final long TOLERANCE = 1_000_000;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"2, PROCESS", "3, INTERVAL", "2, SYNC"})
  void repliesAreThoseOfRedis(int protocol, Durability durability) throws Exception {
    Path program = redis();
    long seed = LongForm.seed("resp.seed");
    System.out.println("DifferentialTest: -Dresp.seed=" + seed);
    Random random = new Random(seed);
    int commands = durability == Durability.SYNC ? COMMANDS / 4 : COMMANDS;
    try (RealRedis redis = RealRedis.start(program, directory);
        RespServer server = RespServer.start(store(durability));
        Pair first = new Pair(redis, server, protocol);
        Pair second = new Pair(redis, server, protocol)) {
      RandomCommands ofFirst = new RandomCommands(random);
      RandomCommands ofSecond = new RandomCommands(random);
      for (int done = 0; done < commands; ) {
        boolean isFirst = random.nextInt(4) > 0;
        List<List<String>> batch = new ArrayList<>();
        for (int i = random.nextInt(MAX_PIPELINE); i >= 0; i--) {
          batch.addAll((isFirst ? ofFirst : ofSecond).next());
        }
        (isFirst ? first : second).compare(batch, "seed " + seed + ", command " + done);
        done += batch.size();
      }
    }
  }

  private static Path redis() throws IOException, InterruptedException {
    Path program = RealRedis.find();
    assumeTrue(program != null, "there is no redis-server 7.0 on the PATH: put one there");
    return program;
  }

  private KvStore<byte[], byte[]> store(Durability durability) throws IOException {
    return KvStore.builder(Codecs.bytes(), Codecs.bytes())
        .directory(Files.createTempDirectory(directory, "store"))
        .durability(durability)
        .maxValueBytes(RespServer.MAX_VALUE_BYTES)
        .open();
  }

  /** A connection to each. */
  static final class Pair implements AutoCloseable {
    private final RespClient redis;
    private final RespClient ours;

    Pair(RealRedis redis, RespServer server, int protocol) throws IOException {
      this.redis = redis.connect();
      this.ours = server.connect();
      if (protocol == RespReplies.RESP3) {
        this.redis.call("HELLO", "3");
        this.ours.call("HELLO", "3");
      }
    }

    void compare(List<List<String>> batch, String where) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      batch.forEach(words -> bytes.writeBytes(RespClient.command(words)));
      redis.send(bytes.toByteArray());
      ours.send(bytes.toByteArray());
      for (List<String> words : batch) {
        String theirs = redis.reply();
        String own = ours.reply();
        if (!same(words.get(0).toLowerCase(Locale.ROOT), theirs, own)) {
          assertThat(own).as("%s: %s, of %s", where, words, batch).isEqualTo(theirs);
        }
      }
    }

    static boolean same(String command, String theirs, String own) {
      boolean sameKind = theirs.charAt(0) == own.charAt(0);
      if (theirs.equals(own) || (sameKind && OWN.contains(command))) {
        return true;
      }
      boolean ordered = !Set.of("keys", "scan").contains(command);
      if (!ordered && sorted(theirs).equals(sorted(own))) {
        return true;
      }
      boolean isTime = TIMES.contains(command) || command.equals("exec");
      return isTime && closeTo(theirs, own);
    }

    private static String sorted(String reply) {
      String[] lines = reply.split("\r\n", -1);
      Arrays.sort(lines);
      return String.join("\n", lines);
    }

    /** Whether the replies are the same but for numbers that may be times. */
    private static boolean closeTo(String theirs, String own) {
      String[] a = theirs.split("\r\n", -1);
      String[] b = own.split("\r\n", -1);
      boolean close = a.length == b.length;
      for (int i = 0; i < a.length && close; i++) {
        boolean times = a[i].matches(":\\d{4,19}") && b[i].matches(":\\d{4,19}");
        close = a[i].equals(b[i]) || (times && Math.abs(number(a[i]) - number(b[i])) < TOLERANCE);
      }
      return close;
    }

    private static long number(String line) {
      return Long.parseLong(line.substring(1));
    }

    @Override
    public void close() throws IOException {
      redis.close();
      ours.close();
    }
  }

  @Test
  void whatIsNoProtocolIsRejectedAsByRedis() throws Exception {
    Path program = redis();
    List<String> inputs =
        List.of(
            "*1\r\n$4\r\nPING\r\n*x\r\n",
            "*-1\r\n*0\r\n*1\r\n:1\r\n",
            "*1\r\nPING\r\n",
            "*1\r\n$x\r\n",
            "*1\r\n$-1\r\n",
            "*1\r\n$1048577\r\n",
            "*1\r\n$01\r\na\r\n",
            "*99999999999\r\n",
            "PING \"a\r\n",
            "PING 'a'b\r\n",
            "PING \"a\"b\r\n",
            "\r\n\r\nPING\r\n  PING   x  \r\nQUIT\r\n",
            "ECHO \"a\\x41\\n\\q\\\"\"\r\nECHO 'a\\'b\\n'\r\nECHO a\"b c\"\r\nquit now\r\n",
            "x".repeat(70_000),
            "*" + "1".repeat(70_000),
            "*1\r\n$" + "1".repeat(70_000),
            "MULTI\r\nGET\r\nEXEC\r\nQUIT\r\n");
    try (RealRedis redis = RealRedis.start(program, directory);
        RespServer server = RespServer.start()) {
      for (String input : inputs) {
        assertThat(sent(server.connect(), input))
            .as(input.substring(0, Math.min(60, input.length())))
            .isEqualTo(sent(redis.connect(), input));
      }
    }
  }

  private static String sent(RespClient client, String input) throws IOException {
    try (client) {
      client.send(RespClient.latin1(input));
      return client.rest();
    }
  }

  @Test
  void subscribersHearWhatTheyHearOfRedis() throws Exception {
    Path program = redis();
    for (int protocol = RespReplies.RESP2; protocol <= RespReplies.RESP3; protocol++) {
      try (RealRedis redis = RealRedis.start(program, directory);
          RespServer server = RespServer.start()) {
        assertThat(heard(server.connect(), server.connect(), protocol))
            .isEqualTo(heard(redis.connect(), redis.connect(), protocol));
      }
    }
  }

  private static List<String> heard(RespClient client, RespClient other, int protocol)
      throws IOException {
    List<String> heard = new ArrayList<>();
    try (client;
        other) {
      client.call("HELLO", "" + protocol);
      for (String line :
          List.of(
              "SUBSCRIBE a b a",
              "PSUBSCRIBE a* [",
              "PING",
              "PING x",
              "GET a",
              "UNSUBSCRIBE b c",
              "PUNSUBSCRIBE nothing",
              "RENAME",
              "FOO")) {
        client.send(line.split(" ", -1));
        boolean many = line.contains("SUBSCRIBE");
        int replies = many ? line.split(" ", -1).length - 1 : 1;
        for (int i = 0; i < replies; i++) {
          heard.add(client.reply());
        }
      }
      for (String line :
          List.of(
              "PUBLISH a hello",
              "PUBLISH abc world",
              "PUBLISH b x",
              "PUBSUB CHANNELS",
              "PUBSUB NUMSUB a b",
              "PUBSUB NUMPAT",
              "PUBSUB CHANNELS x*")) {
        heard.add(other.line(line));
      }
      heard.add(client.reply());
      heard.add(client.reply());
      heard.add(client.reply());
      client.send("UNSUBSCRIBE");
      heard.add(client.reply());
      client.send("PUNSUBSCRIBE");
      List<String> patterns = new ArrayList<>(List.of(client.reply(), client.reply()));
      heard.add(
          patterns.stream()
              .map(reply -> reply.replaceAll(":\\d+", "").replaceAll("\\$\\d\r\n(a\\*|\\[)", ""))
              .sorted()
              .collect(Collectors.joining()));
      heard.add(client.call("UNSUBSCRIBE"));
      heard.add(client.call("GET", "a"));
      heard.add(client.call("RESET"));
      heard.add(client.call("PING"));
    }
    return heard;
  }
}
