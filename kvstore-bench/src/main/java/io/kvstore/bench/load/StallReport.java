package io.kvstore.bench.load;

import io.kvstore.bench.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Collects the results of one run and prints them as tables. Not thread-safe. */
final class StallReport {
  private static final double MILLI = 1e6;
  private static final int MAX_LISTED = 50;

  private final long startNanos;
  private final long nanos;
  private final double scheduledRate;
  private final LoadResult result = LoadResult.empty();
  private final Table events = new Table("event", "at s");
  private final Table storeEvents = new Table("what the store does meanwhile", "at s");
  private List<Pause> pauses = List.of();
  private List<Span> hiccups = List.of();
  private double maximumRate;

  StallReport(long startNanos, long nanos, double scheduledRate) {
    this.startNanos = startNanos;
    this.nanos = nanos;
    this.scheduledRate = scheduledRate;
  }

  LoadResult result() {
    return result;
  }

  void event(long atNanos, String what) {
    events.row(what, seconds(atNanos));
  }

  /** Takes what the store has said; only what was in the run counts. */
  void storeEvent(long atNanos, String what) {
    if (atNanos >= startNanos && atNanos <= startNanos + nanos) {
      storeEvents.row(what, seconds(atNanos));
    }
  }

  void rate(double maximumRate) {
    this.maximumRate = maximumRate;
  }

  /** Takes those of the whole process; only the ones of the run count. */
  void pauses(List<Pause> all) {
    Span run = new Span(startNanos, startNanos + nanos);
    pauses = all.stream().filter(pause -> pause.span().overlapNanos(run) > 0).toList();
  }

  void hiccups(List<Span> noted) {
    hiccups = noted;
  }

  @Override
  public String toString() {
    return String.join(
        System.lineSeparator(),
        rates().toString(),
        latencies().toString(),
        events.toString(),
        storeEvents.toString(),
        delays().toString(),
        stalls());
  }

  private Table rates() {
    Table table = new Table("half gets, half puts", "operations/s");
    table.row("as many as go", Table.figure(maximumRate, 0));
    table.row("scheduled, half of them", Table.figure(scheduledRate, 0));
    return table;
  }

  private Table latencies() {
    Table table = new Table("latency, ms", "count", "p50", "p99", "p99.9", "p99.99", "max");
    row(table, "get, since due", result.gets());
    row(table, "put, since due", result.puts());
    row(table, "get, the call alone", result.getCalls());
    row(table, "put, the call alone", result.putCalls());
    return table;
  }

  private static void row(Table table, String what, Histogram histogram) {
    table.row(
        what,
        Table.count(histogram.getTotalCount()),
        percentile(histogram, 50),
        percentile(histogram, 99),
        percentile(histogram, 99.9),
        percentile(histogram, 99.99),
        millis(histogram.getMaxValue()));
  }

  private static String percentile(Histogram histogram, double percentile) {
    return millis(histogram.getValueAtPercentile(percentile));
  }

  /** What befell every thread of the process in the same time. */
  private Table delays() {
    Table table = new Table("meanwhile", "count", "sum ms", "longest ms");
    delay(table, "safepoints that collect garbage", spans(true));
    delay(table, "other safepoints", spans(false));
    delay(table, "late wake-ups of an idle thread, from 3 ms", hiccups);
    return table;
  }

  private List<Span> spans(boolean collects) {
    return pauses.stream().filter(p -> p.collects() == collects).map(Pause::span).toList();
  }

  private static void delay(Table table, String what, List<Span> spans) {
    long sum = spans.stream().mapToLong(Span::nanos).sum();
    long longest = spans.stream().mapToLong(Span::nanos).max().orElse(0);
    table.row(what, Table.count(spans.size()), millis(sum), millis(longest));
  }

  private String stalls() {
    List<Stall> worst = new ArrayList<>(result.stalls());
    worst.sort(Comparator.comparingLong(Stall::worstNanos).reversed());
    List<Stall> listed = new ArrayList<>(worst.subList(0, Math.min(MAX_LISTED, worst.size())));
    listed.sort(Comparator.comparingLong(stall -> stall.lag().startNanos()));
    Table table =
        new Table(
            "stall over 20 ms",
            "at s",
            "worst ms",
            "late operations",
            "longest call ms",
            "GC ms",
            "safepoint ms",
            "machine ms",
            "no processor ms",
            "verdict");
    for (Stall stall : listed) {
      Cause cause = cause(stall);
      table.row(
          stall.operation() + " of thread " + stall.thread(),
          seconds(stall.lag().startNanos()),
          millis(stall.worstNanos()),
          Table.count(stall.operations()),
          millis(stall.longestCallNanos()),
          millis(cause.collectionNanos()),
          millis(cause.safepointNanos()),
          millis(cause.machineNanos()),
          millis(cause.waitNanos()),
          cause.verdict());
    }
    return table + System.lineSeparator() + summary(worst, listed.size());
  }

  private String summary(List<Stall> stalls, int listed) {
    Map<String, Integer> verdicts = new TreeMap<>();
    stalls.forEach(stall -> verdicts.merge(cause(stall).verdict(), 1, Integer::sum));
    return String.format(
        Locale.ROOT,
        "stalls over 20 ms: %d, the worst %d listed; by verdict: %s%n",
        stalls.size(),
        listed,
        verdicts);
  }

  private Cause cause(Stall stall) {
    return Cause.of(stall, pauses, hiccups);
  }

  private String seconds(long atNanos) {
    return Table.figure((atNanos - startNanos) / 1e9, 3);
  }

  private static String millis(long nanos) {
    return Table.figure(nanos / MILLI, 3);
  }
}
