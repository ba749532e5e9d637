import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Says which tests of a module a build has left out, why, and the command that runs them: Surefire
 * only counts them. The build runs it after the tests (see pom.xml), from the source.
 */
final class LeftOut {
  private static final String LONG_FORM = "-Dkvstore.test.long=true";

  private final String module;

  /** How many tests, by their class and by why they were left out. */
  private final Map<String, Map<String, Integer>> leftOut = new TreeMap<>();

  private LeftOut(String module) {
    this.module = module;
  }

  /**
   * @param args the module, the directory of its reports, when the build began (reports of earlier
   *     ones stay), and whether the tests ran in their long form
   */
  public static void main(String[] args) throws Exception {
    Path reports = Path.of(args[1]);
    Instant start = Instant.parse(args[2]);
    boolean isLong = Boolean.parseBoolean(args[3]);
    if (!Files.isDirectory(reports)) {
      return;
    }
    LeftOut module = new LeftOut(args[0]);
    boolean any = false;
    for (Path report : reports(reports)) {
      if (!Files.getLastModifiedTime(report).toInstant().isBefore(start)) {
        module.read(report);
        any = true;
      }
    }
    if (any) {
      module.print(isLong);
    }
  }

  private static List<Path> reports(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
    }
  }

  private void read(Path report) throws Exception {
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    NodeList skipped = parser.parse(report.toFile()).getElementsByTagName("skipped");
    for (int i = 0; i < skipped.getLength(); i++) {
      Element one = (Element) skipped.item(i);
      String name = ((Element) one.getParentNode()).getAttribute("classname");
      leftOut
          .computeIfAbsent(name.substring(name.lastIndexOf('.') + 1), unused -> new TreeMap<>())
          .merge(why(one), 1, Integer::sum);
    }
  }

  /** Returns what a test says of itself, which stands in front of where it says so. */
  private static String why(Element skipped) {
    String message = skipped.getAttribute("message");
    String text = message.isBlank() ? skipped.getTextContent().strip() : message;
    String line = text.lines().findFirst().orElse("it does not say why");
    return line.replaceFirst("^[\\w.]+(Exception|Error): ", "")
        .replaceFirst("^Assumption failed: ", "");
  }

  private void print(boolean isLong) {
    leftOut.forEach(
        (name, reasons) ->
            reasons.forEach(
                (why, count) ->
                    System.out.printf(
                        "Left out: %d of %s, %s (mvn -pl %s verify -Dtest=%s)%n",
                        count, name, why, module, name)));
    if (!isLong) {
      System.out.printf(
          "Left out: the long forms of the tests of %s (mvn verify %s; see docs/testing.md)%n",
          module, LONG_FORM);
    }
  }
}
