package io.kvstore.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A line plot over the parameter that the group's question varies. */
final class LinePlot implements Picture.Body {
  private static final int HEIGHT = 400;

  private final Group group;
  private final Map<String, Double> places = new LinkedHashMap<>();
  private final Lines lines;

  private LinePlot(Group group, boolean percentiles) {
    this.group = group;
    Map<Double, String> ticks = new LinkedHashMap<>();
    for (String variant : group.variants()) {
      double place = percentiles ? percentile(variant, ticks.size()) : Double.parseDouble(variant);
      places.put(variant, place);
      ticks.put(place, percentiles ? variant : Labels.count(variant));
    }
    List<Curve> curves = curves();
    this.lines =
        new Lines(
            new Lines.Scale(
                Axis.named(ticks, !percentiles),
                percentiles ? "percentile" : group.question().across()),
            new Lines.Scale(Curve.axis(curves, group.unit()), group.question().axis()),
            curves,
            Curve.subjects(curves),
            true);
  }

  /** Returns whether the group can be drawn so: at two places at least. */
  static boolean fits(Group group) {
    return group.variants().size() > 1
        && group.variants().stream()
            .allMatch(v -> Labels.isNumber(v) && !v.startsWith("-") && !v.equals("0"));
  }

  /** Returns whether the group can be drawn over percentiles. */
  static boolean fitsPercentiles(Group group) {
    return group.variants().size() > 1
        && group.variants().stream().allMatch(v -> Labels.isPercentile(v) || v.equals("max"));
  }

  static LinePlot over(Group group) {
    return new LinePlot(group, false);
  }

  static LinePlot overPercentiles(Group group) {
    return new LinePlot(group, true);
  }

  @Override
  public int height() {
    return HEIGHT;
  }

  @Override
  public void paint(Canvas canvas, int top) {
    lines.paint(canvas, top, HEIGHT);
  }

  @Override
  public List<String> inWords() {
    return Captions.figures(group, group.subjects());
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(Captions.rounds(group, "thin upright lines"));
    notes.addAll(Captions.failures(group));
    return notes;
  }

  private List<Curve> curves() {
    List<Curve> curves = new ArrayList<>();
    for (String subject : group.subjects()) {
      List<Curve.Point> points = new ArrayList<>();
      places.forEach(
          (variant, place) -> {
            Spread spread = group.spread(subject, variant);
            if (spread != null && spread.least() > 0) {
              points.add(new Curve.Point(place, spread));
            }
          });
      if (!points.isEmpty()) {
        curves.add(new Curve(subject, points));
      }
    }
    return curves;
  }

  /** Each nine is as wide as the one before; the maximum is one further. */
  private double percentile(String variant, int before) {
    if (!Labels.isPercentile(variant)) {
      double last = places.values().stream().mapToDouble(place -> place).max().orElse(0);
      return last + (before == 0 ? 0 : 0.6);
    }
    return -Math.log10(1 - Double.parseDouble(variant.substring(1)) / 100);
  }
}
