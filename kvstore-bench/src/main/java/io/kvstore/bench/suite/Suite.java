package io.kvstore.bench.suite;

import io.kvstore.bench.ScratchDirectory;
import io.kvstore.bench.Table;
import io.kvstore.bench.rival.Rival;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares the rivals: measures every question for every rival by turns, and writes the results
 * into a folder.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.suite.Suite -Djmh.jvm=-Xmx512m -Djmh.args=full
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.suite.Suite -Djmh.jvm=-Xmx512m -Djmh.args=core
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.suite.Suite -Djmh.jvm=-Xmx512m -Djmh.args="core rounds=1 questions=get|put rivals=KVSTORE|LMDB results=/tmp/few"
 * }</pre>
 *
 * <p>The arguments are {@code full} (all rivals and sizes, the default) or {@code core} (few
 * rivals, one size), and then any of {@code rounds}, {@code sizes}, {@code openSizes}, {@code
 * seconds} (of an iteration), {@code rivals} and {@code questions} (regular expressions), {@code
 * heap} (such as 5g), {@code fillLimit} (seconds) and {@code results} (the folder), with {@code =}
 * and a value.
 *
 * <p>First every store is filled, each in its own JVM. Then come the rounds: in each, every
 * question is measured for one rival right after the other, each in its own JVM on a copy of the
 * filled store, so that noise of the machine affects all alike. A rival that can't start on this
 * JDK, can't fill in time or fails otherwise gets a line with the reason, and the run continues.
 *
 * <p>The folder gets {@code machine.json}, and for each question a file {@code QUESTION.jsonl} with
 * a JSON object a line: question, subject, params, unit, round, and samples or else "failed", a
 * sentence. {@code jmh-ROUND-QUESTION-PARAMS-SUBJECT.json} is JMH's own account of a fork.
 */
public final class Suite {
  private static final int SECONDS_PER_MINUTE = 60;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Run run;
  private final PrintStream out;
  private final long start = System.nanoTime();
  private double secondsPlanned;
  private double secondsDone;

  private Suite(Run run, PrintStream out) {
    this.run = run;
    this.out = out;
  }

  /** Runs it; for the arguments see above. */
  public static void main(String[] args) {
    run(System.out, args);
  }

  static void run(PrintStream out, String... args) {
    Plan plan = Plan.of(args);
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      Results results = Results.in(plan.results());
      Machine.write(results.folder(), scratch.path(), List.of(args));
      Suite suite = new Suite(new Run(plan, scratch.path(), results), out);
      suite.run();
      out.println(results.table());
      out.println("results are in " + results.folder());
    }
  }

  private void run() {
    List<Cell> asked = new ArrayList<>(new JmhCells(run).cells());
    asked.addAll(new OpenCells(run).cells());
    asked.addAll(new LatencyCells(run).cells());
    asked.removeIf(cell -> !run.plan().asks(cell.question()));
    List<Cell> filling = new Filling(run).cells(asked);
    secondsPlanned = seconds(filling) + run.plan().rounds() * seconds(asked);
    print(filling, asked);
    filling.forEach(cell -> ask(cell, 1));
    for (int round = 1; round <= run.plan().rounds(); round++) {
      for (Cell cell : asked) {
        ask(cell, round);
      }
    }
  }

  private static double seconds(List<Cell> cells) {
    return cells.stream().mapToDouble(Cell::seconds).sum();
  }

  private void print(List<Cell> filling, List<Cell> asked) {
    for (Rival rival : run.plan().rivals()) {
      out.println(rival.label() + " " + rival.version() + ": " + rival.settings());
    }
    out.printf(
        Locale.ROOT,
        "%d stores to fill (%s), then %d rounds of %d questions (%s each)%n",
        filling.size(),
        time(seconds(filling)),
        run.plan().rounds(),
        asked.size(),
        time(seconds(asked)));
  }

  /** A cell that fails, by whatever the rival throws, is a result like any other. */
  private void ask(Cell cell, int round) {
    long before = System.nanoTime();
    String found;
    try {
      found = answer(cell, round);
    } catch (Exception | LinkageError e) {
      String sentence = e.getMessage() == null ? e.toString() : e.getMessage();
      run.results().addFailure(cell.line(round), sentence);
      found = "FAILED: " + sentence;
    }
    secondsDone += cell.seconds();
    double elapsed = (System.nanoTime() - start) / NANOS_PER_SECOND;
    out.printf(
        Locale.ROOT,
        "[%s done, %s left] round %d %s: %s (%s s)%n",
        time(elapsed),
        time((secondsPlanned - secondsDone) * elapsed / secondsDone),
        round,
        cell,
        found,
        Table.figure((System.nanoTime() - before) / NANOS_PER_SECOND, 1));
  }

  private String answer(Cell cell, int round) throws Exception {
    Object entries = cell.params().get("entries");
    String failure = entries instanceof Integer size ? run.failure(cell.rival(), size) : null;
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return cell.work().run(cell.line(round));
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return String.format(
        Locale.ROOT, "%d:%02d", whole / SECONDS_PER_MINUTE, whole % SECONDS_PER_MINUTE);
  }
}
