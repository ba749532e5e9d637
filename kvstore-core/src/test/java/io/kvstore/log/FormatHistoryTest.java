package io.kvstore.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stores as earlier versions left them, kept in src/test/resources/format, open for ever. */
class FormatHistoryTest {
  private static final Path FORMATS = Path.of("src/test/resources/format");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"v1, false", "v1, true", "v2, false", "v2, true"})
  void storeOfEachVersionOpens(String version, boolean withoutIndex) throws IOException {
    copy(FORMATS.resolve(version));
    if (withoutIndex) {
      Files.delete(directory.resolve("index"));
    }

    try (KvStore<String, String> store =
        KvStore.builder(Codecs.string(), Codecs.string()).directory(directory).open()) {
      Map<String, String> found = new HashMap<>();
      store.forEach(entry -> found.put(entry.key(), entry.value()));

      assertThat(found).isEqualTo(content());
      assertThat(store.stats().cutBytes()).isZero();
      store.put("new", "value");
      assertThat(store.get("new")).isEqualTo("value");
    }
  }

  /** What {@link #main} has stored, and what every version must find. */
  private static Map<String, String> content() {
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
    return content;
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
      store.compact();
      for (String key : new String[] {"", "empty", "long", "schlüssel"}) {
        store.put(key, content().get(key));
      }
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
