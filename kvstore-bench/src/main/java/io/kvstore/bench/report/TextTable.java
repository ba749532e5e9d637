package io.kvstore.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The table of a group, as Markdown and as HTML. */
record TextTable(List<String> heads, List<List<String>> rows) {
  private static final int MOST_VARIANTS_AS_COLUMNS = 3;
  private static final int LONGEST_UNBROKEN = 36;

  /**
   * Returns the figures of the group: the subjects down, unless there are so many variants that
   * these go down and the subjects across. Who failed says why in its first cell.
   */
  static TextTable of(Group group) {
    List<String> subjects = new ArrayList<>(group.subjects());
    subjects.sort(Comparator.comparing(subject -> !Subjects.isOurs(subject)));
    return group.variants().size() <= MOST_VARIANTS_AS_COLUMNS
        ? subjectsDown(group, subjects)
        : variantsDown(group, subjects);
  }

  /** Returns the table in Markdown, each line with its end. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    line(text, heads);
    line(text, heads.stream().map(head -> "---").toList());
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  /** Returns the table in HTML. */
  String html() {
    StringBuilder html = new StringBuilder("<div class=\"wide\"><table>\n<thead><tr>");
    heads.forEach(head -> html.append("<th>").append(Html.escaped(head)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      html.append(Subjects.isOurs(row.get(0)) ? "<tr class=\"ours\">" : "<tr>");
      // One sentence instead of figures has the room of all of them.
      boolean sentence = row.size() > 2 && row.stream().skip(2).allMatch(String::isEmpty);
      for (String cell : sentence ? row.subList(0, 2) : row) {
        html.append(cell.length() <= LONGEST_UNBROKEN ? "<td class=\"whole\"" : "<td");
        boolean wide = sentence && cell.equals(row.get(1));
        html.append(wide ? " colspan=\"" + (row.size() - 1) + "\">" : ">");
        html.append(Html.escaped(cell)).append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  private static TextTable subjectsDown(Group group, List<String> subjects) {
    boolean compared = isCompared(group);
    List<String> heads = new ArrayList<>(List.of(""));
    for (String variant : group.variants()) {
      String words = Labels.param(group.question().across(), variant);
      heads.add(words.isEmpty() ? group.question().axis() : words);
      if (compared) {
        heads.add("by kvstore");
      }
    }
    List<List<String>> rows = new ArrayList<>();
    for (String subject : subjects) {
      List<String> row = new ArrayList<>(List.of(subject));
      boolean figures = group.hasFigures(subject);
      for (String variant : group.variants()) {
        row.add(figures ? figure(group, subject, variant) : "");
        if (compared) {
          row.add(ratio(group, subject, variant, true));
        }
      }
      if (!figures) {
        row.set(1, String.join("; ", group.failures(subject)));
      }
      rows.add(row);
    }
    return new TextTable(heads, rows);
  }

  private static TextTable variantsDown(Group group, List<String> subjects) {
    List<String> heads = new ArrayList<>(List.of(""));
    heads.addAll(subjects);
    List<List<String>> rows = new ArrayList<>();
    for (String variant : group.variants()) {
      List<String> row = new ArrayList<>();
      row.add(Labels.param(group.question().across(), variant));
      for (String subject : subjects) {
        String ratio = ratio(group, subject, variant, false);
        String figure = figure(group, subject, variant);
        row.add(ratio.isEmpty() ? figure : figure + ", " + ratio);
      }
      rows.add(row);
    }
    return new TextTable(heads, rows);
  }

  private static boolean isCompared(Group group) {
    return group.subjects().stream()
        .filter(subject -> !Subjects.isOurs(subject))
        .anyMatch(
            subject -> group.variants().stream().anyMatch(v -> group.ratio(subject, v) != null));
  }

  /** The median, how far the rounds lie from it, and what failed. */
  private static String figure(Group group, String subject, String variant) {
    Result result = group.result(subject, variant);
    if (result == null) {
      return "";
    }
    List<String> words = new ArrayList<>();
    Spread spread = result.spread();
    if (spread != null) {
      String figure = Labels.figure(spread.median(), group.unit());
      words.add(spread.rounds() > 1 ? figure + " " + percents(spread) : figure);
    }
    words.addAll(result.failures());
    return String.join("; ", words);
  }

  private static String percents(Spread spread) {
    return String.format(
        Locale.ROOT,
        "(−%.0f +%.0f %%)",
        100 * (1 - spread.least() / spread.median()),
        100 * (spread.most() / spread.median() - 1));
  }

  private static String ratio(Group group, String subject, String variant, boolean spreads) {
    Spread ratio = Subjects.isOurs(subject) ? null : group.ratio(subject, variant);
    if (ratio == null) {
      return "";
    }
    String median = Labels.ratio(ratio.median());
    return spreads && ratio.rounds() > 1
        ? median
            + " ("
            + Labels.ratioNumber(ratio.least())
            + " to "
            + Labels.ratioNumber(ratio.most())
            + ")"
        : median;
  }

  private static void line(StringBuilder text, List<String> cells) {
    for (String cell : cells) {
      text.append("| ").append(cell.replace("|", "\\|").replace('\n', ' ')).append(' ');
    }
    text.append("|\n");
  }
}
