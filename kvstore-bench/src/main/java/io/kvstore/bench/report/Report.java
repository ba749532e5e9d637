package io.kvstore.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Draws the results of a run, and writes them as tables and as one page.
 *
 * <pre>{@code
 * mvn -pl kvstore-bench jmh run -Djmh.main=io.kvstore.bench.report.Report \
 *     -Djmh.args="kvstore-bench/results/2026-11-29"
 * }</pre>
 *
 * <p>In the folder are {@code machine.json}, an object that says where it ran, and any number of
 * {@code *.jsonl} with a measurement a line:
 *
 * <pre>{@code
 * {"question":"get","subject":"RocksDB","params":{"entries":1000000,"threads":2},
 *  "unit":"ops/s","samples":[410000,402000],"round":1}
 * {"question":"get","subject":"MapDB","params":{"entries":1000000,"threads":2},
 *  "failed":"could not start: ...","round":1}
 * }</pre>
 *
 * <p>Written are {@code plots/*.svg} and {@code plots/*.png}, {@code report.html} and {@code
 * tables.md}; plots of an earlier report are removed. Latencies counted from the sending, which
 * leave out what waited before, are in the tables only. Questions that are not known, and plots
 * without figures, are named. The same results give the same files on a machine with the same fonts
 * and Java.
 */
public final class Report {
  private final Path folder;
  private final List<Group> groups;
  private final Plots plots;
  private final TextTable machine;

  private Report(Path folder) throws IOException {
    this.folder = folder;
    this.machine = Machine.read(folder);
    this.groups = Group.of(ResultReader.read(folder));
    this.plots = Plots.of(groups, source());
  }

  /** Writes the report of the folder that is the one argument. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    if (args.length != 1) {
      System.err.println("One argument, please: the folder with the results.");
      System.exit(2);
    }
    try {
      write(Path.of(args[0]), System.out);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /**
   * Writes the report, and prints what was written and left out.
   *
   * @throws IOException if the results are invalid; the message says what is wrong and where
   */
  static void write(Path folder, PrintStream out) throws IOException {
    Report report = new Report(folder);
    Map<String, String> svgs = report.writePlots();
    Path page = folder.resolve("report.html");
    Files.writeString(page, report.page(svgs));
    Path tables = folder.resolve("tables.md");
    Files.writeString(tables, report.tables());
    out.println(svgs.size() + " plots in " + folder.resolve("plots") + ": " + svgs.keySet());
    out.println(page);
    out.println(tables);
    report.plots.leftOut().forEach(sentence -> out.println("No plot: " + sentence));
  }

  private Map<String, String> writePlots() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("plots"));
    try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, "*.{svg,png}")) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
    Map<String, String> svgs = new LinkedHashMap<>();
    for (Picture picture : plots.pictures()) {
      String svg = PlotFiles.svg(picture);
      svgs.put(picture.name(), svg);
      Files.writeString(directory.resolve(picture.name() + ".svg"), svg);
      Files.write(directory.resolve(picture.name() + ".png"), PlotFiles.png(picture));
    }
    return svgs;
  }

  private String page(Map<String, String> svgs) {
    Page page = new Page(name(), machine);
    Set<String> drawn = new HashSet<>();
    for (Group group : groups) {
      page.heading(group.question().title(), Labels.params(group.params()));
      String plot = plotOf(group);
      if (svgs.containsKey(plot) && drawn.add(plot)) {
        page.picture(svgs.get(plot));
      }
      page.table(TextTable.of(group));
    }
    page.list("Failed", failures());
    page.list("No plot", plots.leftOut());
    return page.end();
  }

  private String tables() {
    StringBuilder text = new StringBuilder(machine.markdown());
    for (Group group : groups) {
      String params = Labels.params(group.params());
      text.append("\n### ").append(group.question().title());
      text.append(params.isEmpty() ? "" : " (" + params + ")");
      text.append("\n\n").append(TextTable.of(group).markdown());
    }
    return text.toString();
  }

  private static String plotOf(Group group) {
    return group.question().shape() == Question.Shape.LOAD
        ? Group.slug(group.question(), LoadPlot.shared(group))
        : group.slug();
  }

  /** The name of the run, and the commit if the machine says it. */
  private String source() {
    String commit =
        machine.rows().stream()
            .filter(row -> row.get(0).equals("commit"))
            .map(row -> ", commit " + row.get(1))
            .findFirst()
            .orElse("");
    return "kvstore benchmarks, " + name() + commit;
  }

  private String name() {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }

  private List<String> failures() {
    List<String> failures = new ArrayList<>();
    for (Group group : groups) {
      for (String failure : Captions.failures(group)) {
        failures.add(group.question().name() + ": " + failure);
      }
    }
    return failures.stream().distinct().toList();
  }
}
