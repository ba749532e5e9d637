package io.kvstore.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A plain-text table, with columns as wide as their widest cell: the first is left-aligned, the
 * others right-aligned. Units go into the heads.
 */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** Starts with the heads of the columns. */
  public Table(String... heads) {
    rows.add(List.of(heads));
  }

  /** Adds a row; what is missing at its end stays empty. */
  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** Returns a figure with so many digits behind the point, and commas between thousands. */
  public static String figure(double value, int digits) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  /** Returns a number with commas between thousands. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Returns the lines, each with its end. */
  @Override
  public String toString() {
    List<Integer> widths = widths();
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String format = "%" + (column == 0 ? "-" : "") + Math.max(1, widths.get(column)) + "s";
        line.append(column == 0 ? "" : "  ").append(String.format(format, row.get(column)));
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private List<Integer> widths() {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int width = row.get(column).length();
        if (column == widths.size()) {
          widths.add(width);
        } else {
          widths.set(column, Math.max(widths.get(column), width));
        }
      }
    }
    return widths;
  }
}
