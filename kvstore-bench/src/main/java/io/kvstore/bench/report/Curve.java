package io.kvstore.bench.report;

import java.util.List;

/**
 * The data series of one subject in a line plot.
 *
 * @param points in the order in which they are joined, at least one
 */
record Curve(String subject, List<Point> points) {

  /** One figure above zero, and the place on the x axis to which it belongs. */
  record Point(double x, Spread y) {}

  /** Returns whose the curves are, each once. */
  static List<String> subjects(List<Curve> curves) {
    return curves.stream().map(Curve::subject).distinct().toList();
  }

  /** Returns an upright axis in powers for all of the curves, with their spreads. */
  static Axis axis(List<Curve> curves, String unit) {
    double least = Double.MAX_VALUE;
    double most = 0;
    for (Curve curve : curves) {
      for (Point point : curve.points()) {
        least = Math.min(least, point.y().least());
        most = Math.max(most, point.y().most());
      }
    }
    return most == 0 ? Axis.powers(1, 10, unit) : Axis.powers(least, most, unit);
  }
}
