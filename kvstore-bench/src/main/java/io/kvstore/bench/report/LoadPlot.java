package io.kvstore.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Latency over throughput as the rate rises, one panel for each percentile below the other: all
 * have the same axes, so that the eye may go straight down.
 */
final class LoadPlot implements Picture.Body {
  private static final List<String> PERCENTILES = List.of("p50", "p99", "p99.9");
  private static final int PANEL = 215;
  private static final int LEGEND = 28;
  private static final int X_NAME = 22;

  private final List<Group> latencies;
  private final @Nullable Group throughput;
  private final List<Lines> panels = new ArrayList<>();

  /** Draws latencies that differ in their percentile only, over their throughput where known. */
  LoadPlot(List<Group> latencies, @Nullable Group throughput) {
    this.throughput = throughput;
    this.latencies = shown(latencies);
    List<List<Curve>> curves = this.latencies.stream().map(this::curves).toList();
    List<Curve> all = curves.stream().flatMap(List::stream).toList();
    String unit = this.latencies.get(0).unit();
    Axis y = Curve.axis(all, unit);
    double most =
        all.stream().flatMap(c -> c.points().stream()).mapToDouble(Curve.Point::x).max().orElse(1);
    Axis x = Axis.fromZero(most, "ops/s");
    String answered = throughput == null ? "requests a second due" : "requests a second answered";
    for (int i = 0; i < curves.size(); i++) {
      String name = "latency, " + percentile(this.latencies.get(i));
      Lines.Scale down = new Lines.Scale(x, i == curves.size() - 1 ? answered : "");
      Lines.Scale up = new Lines.Scale(y, name);
      panels.add(new Lines(down, up, curves.get(i), Curve.subjects(all), false));
    }
  }

  /** Returns what the group's params are without the one that the panels differ in. */
  static SortedMap<String, String> shared(Group group) {
    SortedMap<String, String> shared = new TreeMap<>(group.params());
    shared.remove("percentile");
    return shared;
  }

  @Override
  public int height() {
    return LEGEND + panels.size() * PANEL + X_NAME;
  }

  @Override
  public void paint(Canvas canvas, int top) {
    panels.get(0).paintLegend(canvas, top + 12);
    int panelTop = top + LEGEND;
    for (Lines panel : panels) {
      panel.paint(canvas, panelTop, PANEL + X_NAME);
      panelTop += PANEL;
    }
  }

  @Override
  public List<String> inWords() {
    List<String> words = new ArrayList<>();
    for (Group group : latencies) {
      words.add(percentile(group));
      words.addAll(Captions.figures(group, group.subjects()));
    }
    return words;
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(Captions.rounds(latencies.get(0), "thin upright lines"));
    latencies.stream()
        .flatMap(group -> Captions.failures(group).stream())
        .distinct()
        .forEach(notes::add);
    return notes;
  }

  private static List<Group> shown(List<Group> latencies) {
    List<Group> shown =
        latencies.stream().filter(group -> PERCENTILES.contains(percentile(group))).toList();
    return shown.isEmpty() ? latencies : shown;
  }

  private static String percentile(Group group) {
    return group.params().getOrDefault("percentile", "");
  }

  private List<Curve> curves(Group group) {
    List<Curve> curves = new ArrayList<>();
    for (String subject : group.subjects()) {
      List<Curve.Point> points = new ArrayList<>();
      for (String rate : group.variants()) {
        Spread latency = group.spread(subject, rate);
        if (latency != null && latency.least() > 0) {
          points.add(new Curve.Point(answered(subject, rate), latency));
        }
      }
      points.removeIf(point -> Double.isNaN(point.x()));
      if (!points.isEmpty()) {
        curves.add(new Curve(subject, points));
      }
    }
    return curves;
  }

  private double answered(String subject, String rate) {
    Group answers = throughput;
    if (answers != null && answers.subjects().contains(subject)) {
      Spread spread = answers.spread(subject, rate);
      if (spread != null) {
        return spread.median();
      }
    }
    return Labels.isNumber(rate) ? Double.parseDouble(rate) : Double.NaN;
  }
}
