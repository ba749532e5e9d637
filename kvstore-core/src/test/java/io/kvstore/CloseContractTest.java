package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.testing.Configuration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of close, sync and reopening, on each configuration. */
class CloseContractTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void closedStoreRefusesEveryCallAndClosesTwice(Configuration configuration) {
    KvStore<String, String> store = configuration.strings(directory).open();
    store.put("a", "1");
    var iterator = store.iterator();

    store.close();
    store.close();

    assertThatThrownBy(() -> store.get("a")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.view("a")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.put("a", "2")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.putAsync("a", "2")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.delete("a")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(() -> store.containsKey("a")).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(store::size).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(store::sync).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(store::stats).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(store::iterator).isInstanceOf(ClosedStoreException.class);
    assertThatThrownBy(iterator::hasNext).isInstanceOf(ClosedStoreException.class);
  }

  @ParameterizedTest
  @EnumSource
  void everythingIsThereAfterReopening(Configuration configuration) {
    if (!configuration.isDurable()) {
      return;
    }
    Map<String, String> expected = new HashMap<>();
    long version;
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      Random random = new Random(7);
      for (int i = 0; i < 20_000; i++) {
        String key = "key" + random.nextInt(3_000);
        if (random.nextInt(4) == 0) {
          store.deleteAsync(key);
          expected.remove(key);
        } else {
          store.putAsync(key, "value" + i);
          expected.put(key, "value" + i);
        }
      }
      store.put("last", "one");
      expected.put("last", "one");
      version = store.view("last").version();
    }
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      Map<String, String> found = new HashMap<>();
      store.forEach(entry -> found.put(entry.key(), entry.value()));

      assertThat(found).isEqualTo(expected);
      assertThat(store.size()).isEqualTo(expected.size());
      assertThat(store.stats().cutBytes()).isZero();
      assertThat(store.view("last").version()).isEqualTo(version);
      store.put("next", "");
      assertThat(store.view("next").version()).isEqualTo(version + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "INTERVAL", "SYNC"})
  void syncCoversAllThatWasWritten(Configuration configuration) {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("a", "1");
      store.put("b", "2");

      store.sync();

      assertThat(store.stats().syncedSequence()).isEqualTo(2);
      assertThat(store.stats().syncs().count()).isPositive();
    }
  }
}
