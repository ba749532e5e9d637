package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Configuration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of iteration over all entries, on each configuration. */
class IterationContractTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void iterationFindsEveryEntryOnce(Configuration configuration) {
    Map<String, String> expected = new HashMap<>();
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      for (int i = 0; i < 5_000; i++) {
        store.putAsync("key" + i, "value" + i);
        expected.put("key" + i, "value" + i);
      }
      for (int i = 0; i < 5_000; i += 3) {
        store.deleteAsync("key" + i);
        expected.remove("key" + i);
      }
      store.sync();

      Map<String, String> found = new HashMap<>();
      for (Entry<String, String> entry : store) {
        assertThat(found.put(entry.key(), entry.value())).isNull();
        assertThat(entry.version()).isPositive();
      }

      assertThat(found).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void iterationGoesOnWhileTheIndexGrows(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).stripes(1).open()) {
      for (int i = 0; i < 1_000; i++) {
        store.putAsync("stays" + i, "");
      }
      store.sync();

      Map<String, Integer> found = new HashMap<>();
      int added = 0;
      for (Entry<String, String> entry : store) {
        found.merge(entry.key(), 1, Integer::sum);
        for (int i = 0; i < 20 && added < 20_000; i++) {
          store.putAsync("added" + added++, "");
        }
      }

      for (int i = 0; i < 1_000; i++) {
        assertThat(found).containsEntry("stays" + i, 1);
      }
      assertThat(found.values()).containsOnly(1);
    }
  }
}
