package io.kvstore.bench.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often things happen follows from the schedule; how long they take is not asserted. */
class LoadTestTest {
  private static final String NO_FAILURES = "(0 +){4}0$";
  private static final long MILLI = 1_000_000;
  private static final int MAX_RUNS = 20;

  @TempDir private Path directory;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void scheduledOperationsAreAllSentAndVerified(boolean isRedis) throws Exception {
    try (TinyServer server = TinyServer.start(isRedis, TinyServer.HONEST)) {
      int status =
          run(
              server,
              "--fill --keys 100 --rate 1000..2000/2 --seconds 0.5 --warm-up 0 --connections 5"
                  + " --pipeline 3 --threads 2 --distribution zipf --value-bytes 16..9000");

      assertThat(status).as(text()).isZero();
      assertThat(server.requests()).isEqualTo(100 + 500 + 1000);
    }
    assertThat(text().lines())
        .anyMatch(line -> line.matches("filled: 100 keys in .*"))
        .anyMatch(line -> line.matches("1000 +[\\d,]+ +\\d+ +\\d+ +" + NO_FAILURES))
        .anyMatch(line -> line.matches("2000 +[\\d,]+ +\\d+ +\\d+ +" + NO_FAILURES))
        .anyMatch(line -> line.matches("1000/s, get since due( +[\\d,]+){6}"))
        .anyMatch(line -> line.matches("2000/s, put since sent( +[\\d,]+){6}"));
    assertThat(text()).doesNotContain("\r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--pipeline 1", "--pipeline 16", "--put --pipeline 4 --keys 3"})
  void loadWithoutScheduleIsVerifiedAsWell(String options) throws Exception {
    try (TinyServer server = TinyServer.start(false, TinyServer.HONEST)) {
      // A run may be over before a busy machine has let it begin.
      for (int i = 0; i < MAX_RUNS && server.writes() == 0; i++) {
        int status = run(server, "--rate max --seconds 0.3 --warm-up 0.1 --reads 0.5 " + options);
        assertThat(status).as(text()).isZero();
      }

      assertThat(server.writes()).isPositive();
    }
    assertThat(text().lines())
        .anyMatch(line -> line.matches("max +[\\d,]+ +[\\d,]+ +[\\d,]+ +" + NO_FAILURES));
  }

  @Test
  void resultsAreAppendedAsLinesOfJson() throws Exception {
    Path file = directory.resolve("results");
    Files.writeString(file, "{}\n");

    try (TinyServer server = TinyServer.start(false, TinyServer.HONEST)) {
      run(server, "--rate 500 --seconds 0.2 --warm-up 0 --subject a\"b --round 3 --json " + file);
    }

    String start = "\\{\"question\":\"%s\",\"subject\":\"a\\\\\"b\",\"params\":\\{\"rate\":500,";
    String end = "},\"unit\":\"%s\",\"samples\":\\[[\\d.]+],\"round\":3}";
    assertThat(Files.readAllLines(file))
        .startsWith("{}")
        .anyMatch(
            line ->
                line.matches(start.formatted("serverThroughput") + ".*" + end.formatted("ops/s")))
        .anyMatch(
            line ->
                line.matches(
                    start.formatted("serverLatency")
                        + ".*\"kind\":\"put\",\"measure\":\"sinceDue\",\"percentile\":\"p99.9\""
                        + end.formatted("us")))
        .anyMatch(
            line ->
                line.matches(
                    start.formatted("serverErrors")
                        + ".*\"kind\":\"stale\""
                        + end.formatted("operations")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void staleValueIsFound(boolean isRedis) throws Exception {
    Tally tally = tallyOf(isRedis, values -> values.get(0));

    assertThat(tally.stale()).isPositive();
    assertThat(tally.wrong() + tally.missing() + tally.failed()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void wrongValueIsFound(boolean isRedis) throws Exception {
    Tally tally =
        tallyOf(isRedis, values -> TinyServer.HONEST.apply(values).replaceFirst(".$", "z"));

    assertThat(tally.wrong()).isPositive();
    assertThat(tally.stale() + tally.missing() + tally.failed()).isZero();
    assertThat(tally.gets().sinceDue().getTotalCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void missingValueIsFound(boolean isRedis) throws Exception {
    Tally tally = tallyOf(isRedis, values -> null);

    assertThat(tally.missing()).isPositive();
    assertThat(tally.stale() + tally.wrong() + tally.failed()).isZero();
  }

  @Test
  void badValueMakesTheStatusThatOfAFailure() throws Exception {
    try (TinyServer server = TinyServer.start(false, values -> values.get(0))) {
      assertThat(run(server, "--keys 3 --rate 500 --seconds 0.3 --warm-up 0")).isEqualTo(1);
    }
  }

  @Test
  void refusedWritesAreCountedByStatus() throws Exception {
    try (TinyServer server = TinyServer.refusing(false, "503 Service Unavailable")) {
      assertThat(run(server, "--rate 500 --seconds 0.2 --warm-up 0")).isEqualTo(1);
    }

    // nothing was acknowledged, so that all 100 were writes
    assertThat(text().lines()).anyMatch(line -> line.matches("status 503 +100"));
  }

  @Test
  void refusedCommandsAreCountedByTheirErrorWord() throws Exception {
    try (TinyServer server = TinyServer.refusing(true, "READONLY not here")) {
      assertThat(run(server, "--rate 500 --seconds 0.2 --warm-up 0")).isEqualTo(1);
    }

    assertThat(text().lines()).anyMatch(line -> line.matches("READONLY +100"));
  }

  /**
   * Request 300 is not answered for 300 ms from its arrival, which is not before it is due. The 200
   * operations that are due within 200 ms of it wait for that answer, and so are 100 ms late, be
   * the machine as slow as it may.
   */
  @Test
  void stallCountsForAllThatWasDueMeanwhile() throws Exception {
    Tally tally;
    try (TinyServer server = TinyServer.pausing(number -> pause(number == 300 ? 300 * MILLI : 0));
        Load load = Load.connect(settings(server, "--keys 10 --connections 1"))) {
      tally = load.run(new Pace(1000), 0, 1, done -> {}).tally();
    }

    assertThat(tally.unsent() + tally.failed() + tally.bad()).isZero();
    assertThat(late(tally.gets().sinceDue(), 100) + late(tally.puts().sinceDue(), 100))
        .isGreaterThanOrEqualTo(200);
    assertThat(late(tally.gets().sinceSent(), 299) + late(tally.puts().sinceSent(), 299))
        .isPositive();
  }

  @Test
  void closedConnectionsAreMadeAgainAndTheirOperationsCounted() throws Exception {
    try (TinyServer server =
            TinyServer.pausing(
                number -> {
                  if (number == 50) {
                    throw new UncheckedIOException(new IOException("hang up"));
                  }
                });
        Load load = Load.connect(settings(server, "--connections 1"))) {
      Tally tally = load.run(new Pace(500), 0, 0.4, done -> {}).tally();

      assertThat(tally.failures()).containsEntry("connection closed before the answer", 1L);
      assertThat(tally.bad() + tally.unsent()).isZero();
      assertThat(server.requests()).isEqualTo(200);
    }
  }

  @Test
  void wrongOptionsAreRefusedWithASentence() {
    assertThat(run("--rate 5000..")).isEqualTo(2);
    assertThat(run("--value-bytes 15")).isEqualTo(2);
    assertThat(run("--url ftp://127.0.0.1")).isEqualTo(2);
    assertThat(run("--reads 1.1")).isEqualTo(2);
    assertThat(text())
        .contains("'5000..' is not a rate like 5000, a sweep like 10000..50000/5, or max")
        .contains("'15' is not a length like 100 or 16..4096, from 16")
        .contains("--url is not like http://host:port or redis://host:port")
        .contains("--reads is not from 0 to 1");
  }

  @Test
  void absentServerIsToldAtOnce() throws Exception {
    TinyServer server = TinyServer.start(false, TinyServer.HONEST);
    server.close();

    assertThat(run(server, "--connections 3")).isEqualTo(2);
    assertThat(text()).contains("can't connect: ");
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(run("--help")).isZero();
    assertThat(text())
        .contains("--url", "--rate", "--pipeline", "--fill", "--json", "uniform, zipf");
  }

  private Tally tallyOf(boolean isRedis, TinyServer.Memory memory) throws Exception {
    try (TinyServer server = TinyServer.start(isRedis, memory);
        Load load = Load.connect(settings(server, "--keys 5 --connections 1 --reads 0.5"))) {
      load.fill(done -> {});
      return load.run(new Pace(1000), 0, 0.3, done -> {}).tally();
    }
  }

  private static LoadSettings settings(TinyServer server, String words) {
    LoadOptions options = new LoadOptions();
    new picocli.CommandLine(options).parseArgs(words.split(" ", -1));
    return options.settings(server.url());
  }

  private int run(TinyServer server, String words) {
    return run("--url " + server.url() + " " + words);
  }

  private int run(String words) {
    return LoadTest.run(
        words.split(" ", -1), new PrintStream(output, true, UTF_8), Progress.none());
  }

  private String text() {
    return output.toString(UTF_8);
  }

  private static long late(Histogram nanos, long millis) {
    return nanos.getCountBetweenValues(millis * MILLI, nanos.getMaxValue());
  }

  private static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
    }
  }
}
