package io.kvstore.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Formats parameters and figures for readers. */
final class Labels {
  private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern NOT_IN_FILE_NAMES = Pattern.compile("[^a-z0-9.]+");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final Pattern NEEDLESS_ZEROS =
      Pattern.compile("\\.0+(?= |$)|(?<=\\.\\d{1,9})0+(?= |$)");
  private static final Pattern PERCENTILE = Pattern.compile("p\\d+(\\.\\d+)?");

  /** Numbers by size, percentiles by size with the maximum last, other words by the alphabet. */
  static final Comparator<String> ORDER =
      Comparator.comparingInt(Labels::kind)
          .thenComparing(Labels::size)
          .thenComparing(Comparator.naturalOrder());

  private Labels() {}

  /** Returns the value of a param in words: {@code 10 million entries}, {@code 2 threads}. */
  static String param(String name, String value) {
    return switch (name) {
      case "entries" -> count(value) + " entries";
      case "threads" -> value.equals("1") ? "1 thread" : count(value) + " threads";
      case "connections" -> value.equals("1") ? "1 connection" : count(value) + " connections";
      case "pipeline" -> value.equals("1") ? "not pipelined" : "pipelined by " + count(value);
      case "rate" -> isNumber(value) ? count(value) + " operations a second due" : value;
      case "measure" -> measureWords(value);
      case "state" -> stateWords(value);
      case "percentile", "kind", "" -> value;
      default -> words(name) + " " + count(value);
    };
  }

  /** Returns all params in words, or nothing for none. */
  static String params(Map<String, String> params) {
    return params.entrySet().stream()
        .map(param -> param(param.getKey(), param.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** Returns a number as one would say it: {@code 10 million}, {@code 50,000}. */
  static String count(String value) {
    if (!isNumber(value)) {
      return value;
    }
    BigDecimal number = new BigDecimal(value);
    BigDecimal millions = number.movePointLeft(6);
    if (millions.compareTo(BigDecimal.ONE) >= 0 && millions.stripTrailingZeros().scale() <= 1) {
      return millions.stripTrailingZeros().toPlainString() + " million";
    }
    return String.format(
        Locale.ROOT, number.stripTrailingZeros().scale() > 0 ? "%s" : "%,.0f", number);
  }

  /** Returns a figure with its unit, three digits of it: {@code 3.25 M/s}, {@code 1.2 ms}. */
  static String figure(double figure, String unit) {
    return switch (unit) {
      case "ops/s" -> scaled(figure) + "/s";
      case "ns" -> time(figure);
      case "us" -> time(figure * 1e3);
      case "ms" -> time(figure * 1e6);
      case "s" -> time(figure * 1e9);
      case "bytes" -> digits(figure) + " B";
      default -> (unit.endsWith("/s") ? scaled(figure) : digits(figure)) + " " + unit;
    };
  }

  /** Returns the figure for the tick of an axis, with no digit more than it has. */
  static String tick(double figure, String unit) {
    String text = figure == 0 ? "0" : NEEDLESS_ZEROS.matcher(figure(figure, unit)).replaceAll("");
    return unit.equals("ops/s") ? text.replace("/s", "") : text;
  }

  /** Returns a ratio, two digits of it: {@code 1.25 ×}, {@code 0.031 ×}. */
  static String ratio(double ratio) {
    return ratioNumber(ratio) + " ×";
  }

  /** Returns a ratio without its sign. */
  static String ratioNumber(double ratio) {
    if (ratio >= 100 || ratio == 0) {
      return String.format(Locale.ROOT, "%,.0f", ratio);
    }
    BigDecimal two = BigDecimal.valueOf(ratio).round(new MathContext(2));
    int behind = ratio >= 10 ? 0 : Math.max(2, 2 - before(two));
    return BigDecimal.valueOf(ratio).setScale(behind, RoundingMode.HALF_UP).toPlainString();
  }

  /** Returns words for a name in one: {@code bytes per value} for bytesPerValue. */
  static String words(String name) {
    return CAPITAL.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
  }

  /** Returns what a file, or an anchor, may be called after the text. */
  static String slug(String text) {
    String words = CAPITAL.matcher(text).replaceAll("-").toLowerCase(Locale.ROOT);
    return NOT_IN_FILE_NAMES.matcher(words).replaceAll("-");
  }

  static boolean isNumber(String value) {
    return NUMBER.matcher(value).matches();
  }

  static boolean isPercentile(String value) {
    return PERCENTILE.matcher(value).matches();
  }

  private static String stateWords(String state) {
    return switch (state) {
      case "clean" -> "after a clean close";
      case "killed" -> "after kill -9 under load";
      case "overwritten" -> "after three overwrites";
      default -> state;
    };
  }

  private static String measureWords(String measure) {
    return switch (measure) {
      case "sinceDue" -> "counted from when it was due";
      case "sinceSent" -> "counted from when it was sent";
      default -> measure;
    };
  }

  private static int kind(String value) {
    return isNumber(value) ? 0 : isPercentile(value) ? 1 : 2;
  }

  private static BigDecimal size(String value) {
    return isNumber(value)
        ? new BigDecimal(value)
        : isPercentile(value) ? new BigDecimal(value.substring(1)) : BigDecimal.ZERO;
  }

  private static String scaled(double figure) {
    if (round(figure) >= 1e9) {
      return digits(figure / 1e9) + " G";
    }
    if (round(figure) >= 1e6) {
      return digits(figure / 1e6) + " M";
    }
    return round(figure) >= 1e4 ? digits(figure / 1e3) + " k" : digits(figure);
  }

  private static String time(double nanos) {
    double rounded = round(nanos);
    if (rounded >= 1e9) {
      return digits(nanos / 1e9) + " s";
    }
    if (rounded >= 1e6) {
      return digits(nanos / 1e6) + " ms";
    }
    return rounded >= 1e3 ? digits(nanos / 1e3) + " µs" : digits(nanos) + " ns";
  }

  /** Three digits, and all that are before the point; below 1 two. */
  private static String digits(double figure) {
    if (figure >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", figure);
    }
    BigDecimal rounded = rounded(figure);
    int digits = rounded.compareTo(BigDecimal.ONE) < 0 ? 2 : 3;
    int behind = Math.max(0, digits - before(rounded));
    return figure == 0 ? "0" : rounded.setScale(behind, RoundingMode.HALF_UP).toPlainString();
  }

  /** How many digits are before the point; less than none for zeros behind it. */
  private static int before(BigDecimal number) {
    return number.precision() - number.scale();
  }

  private static double round(double figure) {
    return rounded(figure).doubleValue();
  }

  private static BigDecimal rounded(double figure) {
    return BigDecimal.valueOf(figure).round(new MathContext(3));
  }
}
