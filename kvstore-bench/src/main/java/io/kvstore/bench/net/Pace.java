package io.kvstore.bench.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The target rate: operations a second of all connections together.
 *
 * @param perSecond infinite for an unthrottled load
 */
record Pace(double perSecond) {
  /** As many as go: the next operation when the last one is answered. */
  static final Pace MAX = new Pace(Double.POSITIVE_INFINITY);

  private static final String NUMBER = "(\\d{1,9}(?:\\.\\d{1,6})?)";
  private static final Pattern ONE = Pattern.compile(NUMBER);
  private static final Pattern SWEEP = Pattern.compile(NUMBER + "\\.\\." + NUMBER + "/(\\d{1,4})");

  boolean isMax() {
    return Double.isInfinite(perSecond);
  }

  /**
   * Reads {@code 5000}, {@code max}, or {@code 10000..50000/5}: five rates, evenly from the first
   * to the last.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static List<Pace> parse(String text) {
    if (text.equals("max")) {
      return List.of(MAX);
    }
    Matcher one = ONE.matcher(text);
    Matcher sweep = SWEEP.matcher(text);
    List<Pace> paces = new ArrayList<>();
    if (one.matches()) {
      paces.add(new Pace(Double.parseDouble(text)));
    } else if (sweep.matches()) {
      double from = Double.parseDouble(sweep.group(1));
      double to = Double.parseDouble(sweep.group(2));
      int steps = Integer.parseInt(sweep.group(3));
      for (int step = 0; step < steps; step++) {
        paces.add(new Pace(steps == 1 ? from : from + (to - from) * step / (steps - 1)));
      }
    }
    if (paces.isEmpty() || paces.stream().anyMatch(pace -> pace.perSecond <= 0)) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a rate like 5000, a sweep like 10000..50000/5, or max");
    }
    return paces;
  }

  /** Returns the number, or {@code max}. */
  @Override
  public String toString() {
    if (isMax()) {
      return "max";
    }
    return perSecond == Math.rint(perSecond)
        ? Long.toString((long) perSecond)
        : String.format(Locale.ROOT, "%.3f", perSecond);
  }
}
