package io.kvstore.bench.net;

import io.kvstore.bench.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Prints the results of a run as tables. */
record LoadReport(List<LoadStep> steps) {
  /** Returns one rate's result in one line. */
  static String line(LoadStep step) {
    Tally tally = step.tally();
    Histogram gets = tally.gets().sinceDue();
    Histogram puts = tally.puts().sinceDue();
    return String.format(
        Locale.ROOT,
        "%s/s wanted: %s/s reached, p99 of gets %s µs, of puts %s µs, %d values bad, %d failed, %d not sent",
        step.pace(),
        Table.figure(step.reachedPerSecond(), 0),
        micros(gets, 99),
        micros(puts, 99),
        tally.bad(),
        tally.failed(),
        tally.unsent());
  }

  private static String micros(Histogram histogram, double percent) {
    return Table.figure(new Percentile("", percent).micros(histogram), 0);
  }

  @Override
  public String toString() {
    return String.join(System.lineSeparator(), counts().toString(), latencies().toString())
        + failures();
  }

  private Table counts() {
    Table table =
        new Table(
            "rate wanted",
            "reached/s",
            "gets",
            "puts",
            "wrong values",
            "stale",
            "missing",
            "failed",
            "not sent");
    for (LoadStep step : steps) {
      Tally tally = step.tally();
      table.row(
          step.pace().toString(),
          Table.figure(step.reachedPerSecond(), 0),
          Table.count(tally.gets().sinceDue().getTotalCount()),
          Table.count(tally.puts().sinceDue().getTotalCount()),
          Table.count(tally.wrong()),
          Table.count(tally.stale()),
          Table.count(tally.missing()),
          Table.count(tally.failed()),
          Table.count(tally.unsent()));
    }
    return table;
  }

  private Table latencies() {
    List<String> heads = new ArrayList<>(List.of("latency, µs"));
    Percentile.ALL.forEach(percentile -> heads.add(percentile.name()));
    Table table = new Table(heads.toArray(String[]::new));
    for (LoadStep step : steps) {
      Tally tally = step.tally();
      String rate = step.pace() + "/s, ";
      row(table, rate + "get since due", tally.gets().sinceDue());
      row(table, rate + "get since sent", tally.gets().sinceSent());
      row(table, rate + "put since due", tally.puts().sinceDue());
      row(table, rate + "put since sent", tally.puts().sinceSent());
      row(table, rate + "delay of this program", tally.ownDelay());
    }
    return table;
  }

  private static void row(Table table, String what, Histogram nanos) {
    if (nanos.getTotalCount() > 0) {
      List<String> cells = new ArrayList<>(List.of(what));
      Percentile.ALL.forEach(each -> cells.add(Table.figure(each.micros(nanos), 0)));
      table.row(cells.toArray(String[]::new));
    }
  }

  private String failures() {
    Map<String, Long> failures = new TreeMap<>();
    for (LoadStep step : steps) {
      step.tally().failures().forEach((what, count) -> failures.merge(what, count, Long::sum));
    }
    if (failures.isEmpty()) {
      return "";
    }
    Table table = new Table("failed", "times");
    failures.forEach((what, count) -> table.row(what, Table.count(count)));
    return System.lineSeparator() + table;
  }
}
