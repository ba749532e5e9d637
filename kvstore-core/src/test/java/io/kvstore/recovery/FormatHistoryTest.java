package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.StoreListener;
import io.kvstore.codec.Codecs;
import io.kvstore.testing.LogLayout;
import io.kvstore.testing.RecordedEvents;
import io.kvstore.testing.StoreImage;
import io.kvstore.testing.Warnings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stores as earlier versions left them, kept in src/test/resources/format, open for ever. */
class FormatHistoryTest {
  private static final String LABEL = "text/plain";
  private static final Path FORMATS = Path.of("src/test/resources/format");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"v1, false", "v1, true", "v2, false", "v2, true", "v3, false", "v3, true"})
  void storeOfEachVersionOpens(String version, boolean withoutIndex) throws IOException {
    copy(FORMATS.resolve(version));
    if (withoutIndex) {
      Files.delete(directory.resolve("index"));
    }

    try (KvStore<String, String> store =
        KvStore.builder(Codecs.string(), Codecs.string()).directory(directory).open()) {
      Map<String, String> found = new HashMap<>();
      store.forEach(entry -> found.put(entry.key(), entry.value()));

      assertThat(found).isEqualTo(content(version));
      if (!version.equals("v1")) {
        assertThat(store.entry("too").label()).isEqualTo(LABEL);
      }
      assertThat(store.stats().cutBytes()).isZero();
      store.put("new", "value");
      assertThat(store.get("new")).isEqualTo("value");
    }
  }

  /** What {@link #main} has stored, and what every version must find. */
  private static Map<String, String> content(String version) {
    Map<String, String> content = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      if (i % 7 != 0) {
        content.put("key" + i, i % 3 == 0 ? "second value of " + i : "value of " + i);
      }
    }
    content.put("", "the empty key");
    content.put("empty", "");
    content.put("long", "0123456789".repeat(500));
    content.put("schlüssel", "größe \uD83D\uDE00");
    if (!version.equals("v1")) {
      for (int i = 1; i <= 4; i++) {
        content.put("full" + i, full(i));
      }
      content.put("expires", "in a hundred years");
      content.put("in a batch", "first");
      content.put("too", "last");
    }
    return content;
  }

  /** Returns a value whose record fills a segment: one of those that compaction leaves alone. */
  private static String full(int i) {
    return String.valueOf(i).repeat(i == 1 ? 3959 : 3991);
  }

  @ParameterizedTest
  @CsvSource({"v2, \\d+-\\d+ \\d+", "v3, \\d+:[0-9a-f]{8} \\d+:[0-9a-f]{8}"})
  void storeSinceFormat2HasAllThatThereIs(String version, String ids) {
    StoreImage image = StoreImage.of(FORMATS.resolve(version));
    List<LogLayout.Found> records = LogLayout.of(image).records();

    assertThat(new String(image.bytes("segments"), StandardCharsets.US_ASCII))
        .containsPattern("\nlog " + ids)
        .containsPattern("\ncompacted \\d+");
    assertThat(records).anyMatch(LogLayout.Found::more);
    assertThat(records).anyMatch(r -> r.type() == LogLayout.TOMBSTONE);
    assertThat(records)
        .anyMatch(r -> r.type() == LogLayout.TOMBSTONE && r.file().endsWith(".compacted"));
    assertThat(records).anyMatch(r -> (image.bytes(r.file())[r.offset() + 19] & 1) != 0);
    assertThat(records).anyMatch(r -> (image.bytes(r.file())[r.offset() + 19] & 4) != 0);
    assertThat(FORMATS.resolve(version).resolve("index")).exists();
    assertThat(image.has("history")).isEqualTo(version.equals("v3"));
  }

  @Test
  void indexOfFormat2IsReplacedInSilence() throws IOException {
    copy(FORMATS.resolve("v2"));

    try (Warnings warnings = Warnings.collect()) {
      KvStore.builder(Codecs.string(), Codecs.string()).directory(directory).open().close();

      assertThat(warnings.take(directory)).isEmpty();
      assertThat(Files.readAllBytes(directory.resolve("index")))
          .startsWith("KVINDEX3".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  void indexOfFormat3IsBelieved() throws Exception {
    copy(FORMATS.resolve("v3"));
    RecordedEvents events = new RecordedEvents();

    KvStore.builder(Codecs.string(), Codecs.string())
        .directory(directory)
        .listener(events.listener())
        .open()
        .close();

    assertThat(events.of("onRecovery"))
        .singleElement()
        .matches(event -> event.as(StoreListener.Recovery.class).fromCheckpoint());
  }

  /** Writes the store of the present version into a directory; was run once for each. */
  public static void main(String[] args) {
    try (KvStore<String, String> store =
        KvStore.builder(Codecs.string(), Codecs.string())
            .directory(Path.of(args[0]))
            .stripes(4)
            .maxSegmentBytes(4096)
            .open()) {
      for (int i = 0; i < 100; i++) {
        store.put("key" + i, "value of " + i);
      }
      for (int i = 0; i < 100; i += 3) {
        store.put("key" + i, "second value of " + i);
      }
      for (int i = 0; i < 100; i += 7) {
        store.delete("key" + i);
      }
      Map<String, String> content = content("v3");
      store.write(store.batch().put("stale", "").put("full1", full(1)));
      store.put("full2", full(2));
      store.delete("stale");
      store.put("expires", "in a hundred years", KvStore.MAX_TTL);
      store.put("full3", full(3));
      store.put("too", "");
      store.put("full4", full(4));
      store.put("too", "");
      store.compact();
      store.write(
          store
              .batch()
              .put("in a batch", "first")
              .put("gone", "")
              .delete("gone")
              .put("too", "last", PutOptions.NONE.label(LABEL)));
      for (String key : new String[] {"", "empty", "long", "schlüssel"}) {
        store.put(key, content.get(key));
      }
      store.put("gone", "");
      store.delete("gone");
    }
  }

  private void copy(Path from) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
  }
}
