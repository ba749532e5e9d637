package io.kvstore.bench.report;

import java.util.List;

/**
 * The report as a self-contained HTML page: plots are inline, and nothing is loaded from the
 * network. It follows the light or dark scheme of the reader; plots stay on white.
 */
final class Page {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --back: #fff; --text: #222; --quiet: #5f6368; --line: #dde0e4; --ours: #b34e00; }
      @media (prefers-color-scheme: dark) {
        :root { --back: #16181c; --text: #e6e8eb; --quiet: #a2a8b0; --line: #343941; --ours: #ff9a4d; }
      }
      body { margin: 2rem auto; padding: 0 1rem; max-width: 60rem; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
      h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin: 3rem 0 0; }
      p.quiet, summary { color: var(--quiet); } p.quiet { margin: .2rem 0 1rem; }
      figure { margin: 1rem 0; padding: 0; border: 1px solid var(--line); border-radius: 6px; background: #fff; overflow: hidden; }
      figure svg { display: block; width: 100%; height: auto; }
      .wide { overflow-x: auto; } td.whole { white-space: nowrap; }
      table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; margin: 1rem 0; }
      th, td { padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
      th { color: var(--quiet); font-weight: 500; } tr.ours td { color: var(--ours); font-weight: 600; }
      """;

  private final StringBuilder html = new StringBuilder();

  /** Starts the page of a run, with where it ran. */
  Page(String name, TextTable machine) {
    String title = "kvstore: benchmarks of " + name;
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>")
        .append(Html.escaped(title))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>")
        .append(Html.escaped(title))
        .append("</h1>\n");
    paragraph(
        "A figure is the median of the rounds' medians; what stands behind it is how far the rounds"
            + " lie from it. A ratio is that to kvstore in the same round, median of the rounds,"
            + " least to most: what disturbs the machine disturbs both sides of it. Read ratios"
            + " rather than figures.");
    html.append("<details><summary>The machine</summary>\n").append(machine.html());
    html.append("</details>\n");
  }

  /** Adds a question, and with what it was asked. */
  void heading(String title, String params) {
    html.append("<h2>").append(Html.escaped(title)).append("</h2>\n");
    if (!params.isEmpty()) {
      paragraph(params);
    }
  }

  void picture(String svg) {
    html.append("<figure>\n").append(svg).append("</figure>\n");
  }

  void table(TextTable table) {
    html.append(table.html());
  }

  /** Adds sentences under a heading; nothing if there are none. */
  void list(String title, List<String> sentences) {
    if (!sentences.isEmpty()) {
      heading(title, "");
      html.append("<ul>\n");
      sentences.forEach(s -> html.append("<li>").append(Html.escaped(s)).append("</li>\n"));
      html.append("</ul>\n");
    }
  }

  /** Returns the whole page. */
  String end() {
    return html + "</body>\n</html>\n";
  }

  private void paragraph(String text) {
    html.append("<p class=\"quiet\">").append(Html.escaped(text)).append("</p>\n");
  }
}
