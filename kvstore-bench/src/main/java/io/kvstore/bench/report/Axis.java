package io.kvstore.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An axis: its range, linear or logarithmic, and its ticks.
 *
 * @param ticks labels of values, in the order of the values
 */
record Axis(double least, double most, boolean powers, Map<Double, String> ticks) {
  private static final int MOST_STEPS = 6;
  private static final List<Double> STEPS = List.of(1.0, 2.0, 2.5, 5.0, 10.0);
  private static final double ROOM_FOR_MARKERS = 0.03;

  /** Returns an axis from zero to a little more than this. */
  static Axis fromZero(double most, String unit) {
    double end = most > 0 ? most : 1;
    double power = Math.pow(10, Math.floor(Math.log10(end / MOST_STEPS)));
    double step =
        STEPS.stream()
            .map(s -> s * power)
            .filter(s -> end / s <= MOST_STEPS)
            .findFirst()
            .orElse(end);
    Map<Double, String> ticks = new LinkedHashMap<>();
    for (int i = 0; i * step <= end * 1.001; i++) {
      ticks.put(i * step, Labels.tick(i * step, unit));
    }
    return new Axis(0, end * (1 + ROOM_FOR_MARKERS), false, ticks);
  }

  /** Returns an axis in powers round these values, which are more than zero. */
  static Axis powers(double least, double most, String unit) {
    double low = least * 0.8;
    double high = most * 1.25;
    List<Double> marks = marks(low, high, List.of(1.0));
    if (marks.size() > MOST_STEPS) {
      marks.removeIf(mark -> Math.round(Math.log10(mark)) % 2 != 0);
    }
    if (marks.size() < 3) {
      marks = marks(low, high, List.of(1.0, 2.0, 5.0));
    }
    if (marks.size() < 2) {
      marks = List.of(least, most);
    }
    Map<Double, String> ticks = new LinkedHashMap<>();
    marks.forEach(mark -> ticks.put(mark, Labels.tick(mark, unit)));
    return new Axis(low, high, true, ticks);
  }

  /** Returns an axis that names just these values, in powers or in even steps. */
  static Axis named(Map<Double, String> values, boolean powers) {
    double least = values.keySet().stream().mapToDouble(value -> value).min().orElse(1);
    double most = values.keySet().stream().mapToDouble(value -> value).max().orElse(10);
    if (powers) {
      double room = Math.pow(most / least, ROOM_FOR_MARKERS);
      return new Axis(least / room, most * room, true, values);
    }
    double room = (most - least) * ROOM_FOR_MARKERS;
    return new Axis(least - room, most + room, false, values);
  }

  /** Returns where the value lies, on a scale without powers. */
  double at(double value) {
    return powers ? Math.log10(value) : value;
  }

  /** Returns how far along the axis the value lies: 0 at its beginning, 1 at its end. */
  double share(double value) {
    return (at(value) - at(least)) / (at(most) - at(least));
  }

  private static List<Double> marks(double low, double high, List<Double> multiples) {
    List<Double> marks = new ArrayList<>();
    int last = (int) Math.floor(Math.log10(high));
    for (int power = (int) Math.floor(Math.log10(low)); power <= last; power++) {
      for (double multiple : multiples) {
        double mark = multiple * Math.pow(10, power);
        if (mark >= low && mark <= high) {
          marks.add(mark);
        }
      }
    }
    return marks;
  }
}
