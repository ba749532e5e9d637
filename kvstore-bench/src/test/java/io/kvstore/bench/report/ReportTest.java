package io.kvstore.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {
  private static final List<String> LIBRARY = List.of("kvstore", "RocksDB", "A & B <new>");
  private static final List<String> SERVERS = List.of("kvstore HTTP", "nginx");

  /** Holds what is only read. */
  @TempDir static Path shared;

  /** Holds what a test changes. */
  @TempDir Path own;

  private Path folder = shared;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeAll
  static void writeShared() throws IOException {
    ResultFolder.write(shared);
    Report.write(
        shared, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
  }

  @Test
  void everyQuestionHasItsPlot() throws IOException {
    assertThat(names("svg"))
        .containsExactlyInAnyOrder(
            "get-threads-2",
            "put-threads-2",
            "mixed90-threads-2",
            "mixed50-threads-2",
            "durable-put",
            "cpu-per-op",
            "heap-per-entry-entries-1000000",
            "disk-per-entry-entries-1000000",
            "open-state-clean",
            "open-state-killed",
            "latency-get",
            "latency-put",
            "server-latency-connections-64-kind-get-measure-since-due-pipeline-1");
    assertThat(names("png")).isEqualTo(names("svg"));
  }

  @Test
  void svgIsWellFormedAndShowsEachSubject() throws Exception {
    for (String name : names("svg")) {
      Document svg =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(folder.resolve("plots/" + name + ".svg").toFile());
      Set<String> texts = new HashSet<>();
      for (int i = 0; i < svg.getElementsByTagName("text").getLength(); i++) {
        texts.add(svg.getElementsByTagName("text").item(i).getTextContent());
      }
      List<String> subjects = name.startsWith("server") ? SERVERS : LIBRARY;
      assertThat(texts).as(name).containsAll(subjects);
      assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).contains(subjects);
      assertThat(svg.getElementsByTagName("polyline").getLength()).as(name).isPositive();
    }
  }

  @Test
  void pngIsAPictureOfTwiceTheWidth() throws IOException {
    for (String name : names("png")) {
      BufferedImage image = ImageIO.read(folder.resolve("plots/" + name + ".png").toFile());
      assertThat(image.getWidth()).isEqualTo(2 * Picture.WIDTH);
      assertThat(has(image, Subjects.OURS.getRGB())).as(name).isTrue();
    }
  }

  @Test
  void latencyIsDrawnOverWhatWasAnswered() throws IOException {
    assertThat(
            read("plots/server-latency-connections-64-kind-get-measure-since-due-pipeline-1.svg"))
        .contains("requests a second answered");
  }

  @Test
  void failureStandsInPlotTableAndPage() throws IOException {
    String escaped = Html.escaped(ResultFolder.FAILURE);
    assertThat(read("plots/get-threads-2.svg")).contains(escaped);
    assertThat(read("plots/durable-put.svg")).contains("MapDB: " + escaped);
    assertThat(read("tables.md")).contains("| MapDB | " + ResultFolder.FAILURE + " |");
    assertThat(read("report.html")).contains("<li>get: MapDB: " + escaped + "</li>");
  }

  @Test
  void tableHasFigureAndRatioWithTheirSpread() throws IOException {
    // Rounds of 3.15 M and 6.3 M, a tenth of that for the rival in each.
    assertThat(read("tables.md"))
        .contains("| kvstore | 4.73 M/s (−33 +33 %) |  |")
        .contains("| RocksDB | 473 k/s (−33 +33 %) | 0.10 × (0.10 to 0.10) |");
  }

  @Test
  void unknownQuestionIsInTheTables() throws IOException {
    assertThat(read("tables.md"))
        .contains("### iterate")
        .contains("| kvstore | 34.7 M entries/s (−33 +33 %) |");
    assertThat(read("report.html")).contains("<h2>iterate</h2>");
  }

  @Test
  void machineIsInTheTables() throws IOException {
    assertThat(read("tables.md"))
        .contains("| commit | abc1234 |")
        .contains("| versions: RocksDB | 11.8.1 |")
        .contains("| flags | -Xmx5g, 1 |");
  }

  @Test
  void pageNeedsNothingElse() throws IOException {
    String page = read("report.html");
    assertThat(page.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
        .doesNotContain("http:", "https:", "//", "src=", "href=", "@import", "<script", "<link")
        .doesNotContainPattern("url\\((?!#)");
    assertThat(page).contains("prefers-color-scheme: dark");
    assertThat(page.split("<svg ", -1)).hasSize(names("svg").size() + 1);
  }

  @Test
  void idsOfAPageAreUnique() throws IOException {
    Matcher ids = Pattern.compile(" id=\"([^\"]*)\"").matcher(read("report.html"));
    assertThat(ids.results().map(id -> id.group(1)).toList()).doesNotHaveDuplicates();
  }

  @Test
  void sameResultsGiveTheSameFiles() throws IOException {
    folder = own;
    ResultFolder.write(folder);
    write();
    Map<Path, byte[]> first = contents();
    write();

    assertThat(contents()).containsExactlyInAnyOrderEntriesOf(first);
  }

  @Test
  void plotWithoutFiguresIsNamedAndAnEarlierOneRemoved() throws IOException {
    folder = own;
    ResultFolder.write(folder);
    write();
    Files.writeString(
        folder.resolve("all.jsonl"),
        "{\"question\":\"get\",\"subject\":\"MapDB\",\"failed\":\"no\",\"round\":1}\n"
            + "{\"question\":\"put\",\"subject\":\"kvstore\",\"unit\":\"ops/s\",\"samples\":[5],"
            + "\"round\":1}");
    printed.reset();
    write();

    assertThat(names("svg")).containsExactly("put");
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("No plot: How many gets a second? Nobody has a figure.")
        .contains("No plot: How long does a get take? Not measured.");
    assertThat(read("report.html")).contains("Nobody has a figure.").contains("MapDB");
  }

  @Test
  void withoutMachineThereIsNoReport() throws IOException {
    folder = own;
    ResultFolder.write(folder);
    Files.delete(folder.resolve("machine.json"));

    assertThatThrownBy(this::write).hasMessageContaining("machine.json: missing");
    assertThat(folder.resolve("report.html")).doesNotExist();
  }

  private void write() throws IOException {
    Report.write(folder, new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  private Set<String> names(String ending) throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> files = Files.list(folder.resolve("plots"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("." + ending))
          .forEach(name -> names.add(name.substring(0, name.length() - ending.length() - 1)));
    }
    return names;
  }

  private Map<Path, byte[]> contents() throws IOException {
    Map<Path, byte[]> contents = new HashMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static boolean has(BufferedImage image, int colour) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).anyMatch(pixel -> pixel == colour);
  }
}
