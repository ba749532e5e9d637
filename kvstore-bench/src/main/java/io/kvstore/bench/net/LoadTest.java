package io.kvstore.bench.net;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import picocli.CommandLine;

/**
 * Load test of a server over HTTP or the Redis protocol: throughput, latency and correctness of the
 * responses.
 *
 * <pre>{@code
 * mvn -pl kvstore-server package -Dquick
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.net.LoadTest \
 *     -Djmh.args="--server-jar kvstore-server/target/kvstore-server.jar --fill --rate 10000..50000/5"
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.net.LoadTest \
 *     -Djmh.args="--url redis://127.0.0.1:6379 --fill --rate max --pipeline 16"
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.net.LoadTest -Djmh.args=--help
 * }</pre>
 *
 * <p>The load is open-loop: an operation is due by a schedule, whatever the server does, and its
 * latency counts from then. An operation that waits behind a slow response is as late as it would
 * be for its caller. The latency since it was sent is reported as well, and how late this program
 * itself was. With {@code --rate max} the load is closed-loop: an operation is due as soon as there
 * is room for it.
 *
 * <p>Connections take the operations in turn. A connection that is behind keeps its operations
 * until they are {@link ScheduledWork#MAX_LATE_NANOS} late: then they are not sent but counted, and
 * are in no latency.
 *
 * <p>No key is read before a write of it has been acknowledged. Every value identifies its write
 * ({@link Values}), is compared byte for byte, and must be of a write that no later one had
 * replaced when the read was sent ({@link Versions}).
 *
 * <p>Over HTTP a server needs only {@code GET /key}, and {@code POST /key} with {@code
 * {"value":"..."}}.
 */
public final class LoadTest {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final URI DEFAULT_URL = URI.create("http://127.0.0.1:3000");

  private final LoadOptions options;
  private final PrintStream out;
  private final Progress progress;

  private LoadTest(LoadOptions options, PrintStream out, Progress progress) {
    this.options = options;
    this.out = out;
    this.progress = progress;
  }

  /** Runs, and ends the process with a status that {@code --help} explains. */
  public static void main(String[] args) {
    int status = run(args, System.out, Progress.ofProcess());
    System.out.flush();
    System.exit(status);
  }

  static int run(String[] args, PrintStream out, Progress progress) {
    LoadOptions options = new LoadOptions();
    CommandLine line = new CommandLine(options);
    try {
      CommandLine.ParseResult parsed = line.parseArgs(args);
      if (parsed.isUsageHelpRequested()) {
        line.usage(out);
        return DONE;
      }
      options.check();
      return new LoadTest(options, out, progress).run();
    } catch (CommandLine.ParameterException | IllegalArgumentException | LoadException e) {
      out.println("LoadTest: " + e.getMessage());
      return MISUSED;
    } catch (IOException e) {
      out.println("LoadTest: " + e);
      return MISUSED;
    }
  }

  private int run() throws IOException {
    try (Server server = server()) {
      return run(server.url());
    }
  }

  private Server server() throws IOException {
    URI url = options.url;
    if (options.serverJar != null) {
      return Server.start(options.serverJar, options.serverArgs, url);
    }
    return Server.running(Objects.requireNonNullElse(url, DEFAULT_URL));
  }

  private int run(URI url) throws IOException {
    try (Load load = Load.connect(options.settings(url))) {
      out.printf(
          Locale.ROOT,
          "%s: %d connections, pipeline %d, %,d keys (%s), values of %s bytes, share of reads %s%n",
          url,
          options.connections,
          options.pipeline,
          options.keys,
          options.distribution,
          options.valueSize,
          options.reads);
      boolean filled = !options.fill || fill(load);
      List<LoadStep> steps = new ArrayList<>();
      boolean wentOn = sweep(load, url, steps);
      out.println();
      out.print(new LoadReport(steps));
      return filled && wentOn && steps.stream().allMatch(LoadStep::isFlawless) ? DONE : FAILED;
    }
  }

  /** Returns whether every put was acknowledged. */
  private boolean fill(Load load) {
    long start = System.nanoTime();
    progress.start("fill", 0);
    LoadStep step = load.fill(progress::show);
    progress.clear();
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    Tally tally = step.tally();
    out.printf(
        Locale.ROOT,
        "filled: %,d keys in %.1f s, %,.0f/s%n",
        tally.completed(),
        seconds,
        tally.completed() / seconds);
    tally
        .failures()
        .forEach((what, count) -> out.printf(Locale.ROOT, "failed: %s, %d times%n", what, count));
    if (tally.completed() == 0) {
      throw new LoadException("not one put was acknowledged");
    }
    return step.isFlawless();
  }

  /** Returns false if there is no going on. */
  private boolean sweep(Load load, URI url, List<LoadStep> steps) throws IOException {
    ResultLines lines = new ResultLines(options, url);
    for (Pace pace : Pace.parse(options.rate)) {
      progress.start(pace + "/s", options.warmUp + options.seconds);
      try {
        LoadStep step = load.run(pace, options.warmUp, options.seconds, progress::show);
        progress.clear();
        steps.add(step);
        out.println(LoadReport.line(step));
        lines.append(step);
      } catch (LoadException e) {
        progress.clear();
        out.println(pace + "/s: " + e.getMessage());
        return false;
      }
    }
    return true;
  }
}
