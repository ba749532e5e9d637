package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.cli.Streams;
import io.kvstore.server.testing.ServerProcess;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The subcommands: their effects on a store, their output and their exit status. */
class CommandTest {
  private static final List<String> COMMANDS =
      List.of("verify", "repair", "stats", "compact", "backup", "export", "import", "serve");

  private static final String FIRST = "0000000001.segment";

  @TempDir private Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource({"--prot=1, --port", "--max-disk-byte=5, --max-disk-bytes", "stat, stats"})
  void misspeltFlagOrCommandIsSuggested(String given, String meant) throws IOException {
    assertThat(run("", given)).isEqualTo(2);

    assertThat(err.toString(UTF_8)).contains("did you mean '" + meant + "'?");
  }

  // ---- verify and repair

  @Test
  void verifyOfAWholeStoreIsZero() {
    Path data = filled(3);

    assertThat(run("", "verify", data)).isZero();

    assertThat(out.toString(UTF_8))
        .startsWith(data + " is whole\n")
        .containsPattern("segments +1\n")
        .containsPattern("live puts +3 in 72 B\n")
        .containsPattern("stale puts +1 in 24 B\n")
        .containsPattern("tombstones +1 in 24 B\n")
        .containsPattern("damaged places +0\n");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void flippedBitIsFoundAtItsPlaceAndRepairLosesItsRecordOnly() throws IOException {
    Path data = filled(3);
    Path damaged = flip(data, 32 + 24 + 20);
    Path repaired = directory.resolve("repaired");
    String place = damaged + " at offset 56, 24 bytes: ";

    assertThat(run("", "verify", data)).isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains(" is damaged").contains(place);
    assertThat(run("", "repair", data, repaired)).isEqualTo(1);

    assertThat(out.toString(UTF_8))
        .contains("2 entries (4 B) are in " + repaired)
        .contains(place)
        .contains("change 2 is lost");
    try (KvStore<String, String> store = open(repaired)) {
      assertThat(store.get("0")).isEqualTo("v");
      assertThat(store.get("1")).isNull();
      assertThat(store.get("2")).isEqualTo("v");
      assertThat(store.size()).isEqualTo(2);
    }
  }

  @Test
  void repairOfAWholeStoreIsZero() {
    assertThat(run("", "repair", filled(3), directory.resolve("repaired"))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "stats", "export", "compact", "backup"})
  void directoryThatIsNoStoreIsTwoAndNotCreated(String command) {
    Path missing = directory.resolve("missing");

    assertThat(runOn(command, missing)).isEqualTo(2);

    assertFailed(missing.toString());
    assertThat(missing).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "stats", "export", "import", "compact", "backup"})
  void storeThatIsOpenIsTwo(String command) throws Exception {
    Path data = directory.resolve("data");
    try (ServerProcess server = ServerProcess.serve(data, "process")) {
      var unused = server.ready();

      assertThat(runOn(command, data)).isEqualTo(2);

      assertFailed(data + " is in use by process ");
    }
  }

  @Test
  void placeThatIsNotEmptyIsNotRepairedInto() throws IOException {
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.createFile(full.resolve("file"));

    assertThat(run("", "repair", filled(1), full)).isEqualTo(2);

    assertFailed(full + " is not empty");
  }

  // ---- compact and backup

  @Test
  void compactGivesSpaceBackAndKeepsWhatIsThere() throws IOException {
    Path data = directory.resolve("data");
    fillRandom(data);
    fillRandom(data);
    Map<ByteBuffer, ByteBuffer> before = content(data);

    assertThat(run("", "compact", data)).isZero();

    assertThat(out.toString(UTF_8)).containsPattern("disk bytes before +\\d").hasLineCount(2);
    assertThat(content(data)).isEqualTo(before);
  }

  @Test
  void backupIsAStoreOfItsOwnAndIsBroughtUpToNow() {
    Path data = filled(3);
    Path backup = directory.resolve("backup");

    assertThat(run("", "backup", data, backup)).isZero();
    assertThat(run("", "backup", data, backup)).isZero();

    assertThat(out.toString(UTF_8))
        .startsWith(backup + " has all changes up to 5\n")
        .containsPattern("files copied +1 ")
        .containsPattern("files copied +0 ")
        .containsPattern("files kept +1\n");
    assertThat(content(backup)).isEqualTo(content(data));
  }

  @Test
  void backupIntoWhatIsNoneIsTwo() throws IOException {
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.createFile(full.resolve("file"));

    assertThat(run("", "backup", filled(1), full)).isEqualTo(2);

    assertFailed(full + " is neither empty nor a backup");
  }

  // ---- stats

  @Test
  void statsAreAlignedText() {
    assertThat(run("", "stats", filled(3))).isZero();

    assertThat(out.toString(UTF_8))
        .containsPattern("(?m)^entries {21}3$")
        .containsPattern("(?m)^live bytes {18}72 B$")
        .containsPattern("(?m)^operations hits {13}0$")
        .containsPattern("(?m)^index heap bytes {12}\\S+ KiB$")
        .containsPattern("(?m)^syncs total millis +\\d+$")
        .containsPattern("(?m)^write amplification {9}1\\.00$")
        .containsPattern("(?m)^open duration millis +\\d+$");
  }

  @Test
  void statsAreOneLineOfJson() {
    assertThat(run("", "stats", filled(3), "--json")).isZero();

    assertThat(out.toString(UTF_8))
        .startsWith("{\"entries\":3,\"liveBytes\":72,")
        .contains("\"openDurationMillis\":")
        .contains("\"operations\":{\"hits\":0,")
        .contains(",\"longestMillis\":")
        .contains("\"compaction\":{\"rounds\":0,\"writtenBytes\":0,\"unreleasedBytes\":0},")
        .contains(",\"staleRatio\":0.25,")
        .endsWith("}\n")
        .hasLineCount(1);
  }

  // ---- export and import

  @ParameterizedTest
  @ValueSource(strings = {"entries.jsonl", "entries.jsonl.gz"})
  void exportAndImportKeepEveryByte(String name) throws IOException {
    Path data = directory.resolve("data");
    Path copy = directory.resolve("copy");
    Path file = directory.resolve(name);
    fillRandom(data);

    assertThat(run("", "export", data, file)).isZero();
    assertThat(run("", "import", copy, file)).isZero();

    assertThat(err.toString(UTF_8)).isEqualTo("exported 301 entries\nimported 301 lines\n");
    assertThat(content(copy)).isEqualTo(content(data)).hasSize(301);
    assertThat(Files.readAllBytes(file)[0] == '{').isEqualTo(!name.endsWith(".gz"));
  }

  @Test
  void exportAndImportKeepEveryByteThroughPipes() throws IOException {
    Path data = directory.resolve("data");
    Path copy = directory.resolve("copy");
    fillRandom(data);

    assertThat(run("", "export", data)).isZero();
    assertThat(run(out.toString(UTF_8), "import", copy)).isZero();

    assertThat(content(copy)).isEqualTo(content(data));
  }

  record Typed(String text) {}

  @Test
  void exportOfATypedStoreSaysThatItNeedsItsSchemas() {
    Path data = directory.resolve("typed");
    try (KvStore<String, Typed> store =
        KvStore.builder(Codecs.string(), Codecs.kryo(Typed.class)).directory(data).open()) {
      store.put("key", new Typed("value"));
    }

    assertThat(run("", "export", data)).isEqualTo(1);

    assertThat(out.toString(UTF_8)).startsWith("{\"key\":\"key\"");
    assertThat(err.toString(UTF_8)).contains("exported 1 entry").contains("use backup");
  }

  @Test
  void exportOfAnEmptyStoreIsEmpty() {
    assertThat(run("", "export", filled(0))).isZero();

    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void exportOverwritesNoFile() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "precious");

    assertThat(run("", "export", filled(1), file)).isEqualTo(2);

    assertFailed(file + " already exists");
    assertThat(file).hasContent("precious");
  }

  @Test
  void exportToAFullDiskFails() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    Path data = filled(1);
    Streams streams = new Streams(InputOf.text(""), full, print(err), false);

    assertThat(Main.commandLine(streams).execute("export", data.toString())).isEqualTo(2);

    assertFailed("No space left on device");
  }

  @Test
  void importStopsAtTheFirstBadLineAndNamesIt() throws IOException {
    Path data = directory.resolve("data");
    String lines = line("a") + line("b") + "{\"key\":\"c\"}\n" + line("d");

    assertThat(run(lines, "import", data)).isEqualTo(2);

    assertFailed("line 3 has no field 'value'");
    assertThat(err.toString(UTF_8)).contains("2 lines before it were imported");
    assertThat(content(data)).hasSize(2);
  }

  @Test
  void importSkipsAndCountsBadLines() throws IOException {
    Path data = directory.resolve("data");
    String longKey = "{\"key\":\"" + "k".repeat(70_000) + "\",\"value\":\"\"}\n";
    String lines = line("a") + "\n" + longKey + "x\n" + line("d");

    assertThat(run(lines, "import", data, "--on-error=skip")).isEqualTo(1);

    assertThat(err.toString(UTF_8))
        .contains("line 2 is not a JSON object")
        .contains("line 3 is rejected: the key has 70000 bytes")
        .contains("line 4 is not JSON")
        .endsWith("imported 2 lines, skipped 3\n");
    assertThat(content(data)).hasSize(2);
  }

  @Test
  void importDescribesSomeBadLinesAndCountsAll() {
    assertThat(run("x\n".repeat(50), "import", directory.resolve("d"), "--on-error=skip"))
        .isEqualTo(1);

    assertThat(err.toString(UTF_8)).hasLineCount(21).endsWith("skipped 50\n");
  }

  @Test
  void importOfAFileThatIsNotThereCreatesNoStore() {
    Path data = directory.resolve("data");

    assertThat(run("", "import", data, directory.resolve("missing"))).isEqualTo(2);

    assertFailed("missing");
    assertThat(data).doesNotExist();
  }

  @Test
  void importOfATornFileNamesTheLine() throws IOException {
    Path file = directory.resolve("entries.gz");
    fillRandom(directory.resolve("data"));
    assertThat(run("", "export", directory.resolve("data"), file)).isZero();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    err.reset();

    assertThat(run("", "import", directory.resolve("copy"), file)).isEqualTo(2);

    assertFailed("can't read line ");
  }

  // ---- the command line

  @Test
  void progressNeverGoesToStandardOutput() throws IOException {
    Path data = directory.resolve("data");
    fillRandom(data);

    assertThat(run("", "verify", data, "--progress")).isZero();

    assertThat(out.toString(UTF_8)).doesNotContain("\r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "repair x", "import x --on-error=maybe", "--port 1 verify x"})
  void wrongCommandLineIsOneSentence(String line) {
    assertThat(run("", (Object[]) line.split(" "))).isEqualTo(2);

    assertFailed("");
  }

  @Test
  void helpOfEachCommandNamesWhatItTakes() {
    for (String command : COMMANDS) {
      out.reset();

      try (ServerProcess process = ServerProcess.run(Map.of(), command, "--help")) {
        assertThat(String.join("\n", process.restOfOutput()))
            .contains(" " + command + " ")
            .contains(command.equals("serve") ? "--data-dir" : "DIR");
        assertThat(process.exitStatus()).isZero();
      } catch (Exception e) {
        throw new AssertionError(command, e);
      }
    }
  }

  @Test
  void processesDoTheSame() throws Exception {
    Path data = filled(3);
    Path file = directory.resolve("file.gz");
    Path copy = directory.resolve("copy");
    assertProcess(0, "is whole", "verify", data);
    assertProcess(0, "\"entries\":3", "stats", data, "--json");
    assertProcess(0, "{\"key\":\"1\",\"value\":\"v\"}", "export", data);
    assertProcess(0, "", "export", data, file);
    assertProcess(0, "", "import", copy, file);
    flip(data, 60);
    assertProcess(1, "is damaged", "verify", data);
    assertProcess(1, "at offset 56", "repair", data, directory.resolve("repaired"));
    assertProcess(2, "", "verify", directory.resolve("missing"));
  }

  @Test
  void serveIsTheServer() throws Exception {
    String data = directory.resolve("data").toString();
    try (ServerProcess server =
        ServerProcess.run(Map.of(), "serve", "--port", "0", "--data-dir", data)) {
      assertThat(server.ready().group(2)).isEqualTo("0");
    }
  }

  private static void assertProcess(int status, String output, Object... args) throws Exception {
    String[] texts = List.of(args).stream().map(Object::toString).toArray(String[]::new);
    try (ServerProcess process = ServerProcess.run(Map.of(), texts)) {
      assertThat(String.join("\n", process.restOfOutput())).contains(output);
      assertThat(process.exitStatus()).as(process.errors()).isEqualTo(status);
    }
  }

  // ---- helpers

  private static final class InputOf {
    static ByteArrayInputStream text(String text) {
      return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
  }

  private int run(String input, Object... args) {
    String[] texts = List.of(args).stream().map(Object::toString).toArray(String[]::new);
    Streams streams = new Streams(InputOf.text(input), out, print(err), false);
    return Main.commandLine(streams).execute(texts);
  }

  private int runOn(String command, Path data) {
    return command.equals("backup")
        ? run("", command, data, directory.resolve("backup"))
        : run("", command, data);
  }

  private static PrintStream print(OutputStream to) {
    return new PrintStream(to, true, UTF_8);
  }

  private void assertFailed(String what) {
    assertThat(err.toString(UTF_8)).startsWith("kvstore: ").contains(what).hasLineCount(1);
  }

  private static String line(String key) {
    return "{\"key\":\"" + key + "\",\"value\":\"v\"}\n";
  }

  /** Makes a store with so many entries, and one stale put and a tombstone behind them. */
  private Path filled(int entries) {
    Path data = directory.resolve("data");
    try (KvStore<String, String> store = open(data)) {
      for (int i = 0; i < entries; i++) {
        store.put(String.valueOf(i), "v");
      }
      if (entries > 0) {
        store.put("x", "v");
        store.delete("x");
      }
    }
    return data;
  }

  private static void fillRandom(Path data) {
    Random random = new Random(7);
    try (KvStore<byte[], byte[]> store = openBytes(data)) {
      store.put(new byte[0], new byte[0]);
      for (int i = 0; i < 300; i++) {
        byte[] key = ByteBuffer.allocate(5 + random.nextInt(20)).putInt(i).array();
        byte[] value = new byte[random.nextInt(3000)];
        random.nextBytes(value);
        store.put(key, i % 3 == 0 ? ("text " + i + " ä\n").getBytes(UTF_8) : value);
      }
    }
  }

  private static Path flip(Path data, int offset) throws IOException {
    Path file = data.resolve(FIRST);
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] ^= 1;
    Files.write(file, bytes);
    return file;
  }

  private static Map<ByteBuffer, ByteBuffer> content(Path data) {
    Map<ByteBuffer, ByteBuffer> content = new HashMap<>();
    try (KvStore<byte[], byte[]> store = openBytes(data)) {
      store.forEach(e -> content.put(ByteBuffer.wrap(e.key()), ByteBuffer.wrap(e.value())));
    }
    return content;
  }

  private static KvStore<String, String> open(Path data) {
    return KvStore.builder(Codecs.string(), Codecs.string()).directory(data).open();
  }

  private static KvStore<byte[], byte[]> openBytes(Path data) {
    return KvStore.builder(Codecs.bytes(), Codecs.bytes()).directory(data).open();
  }
}
