package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.StoreListener;
import io.kvstore.platform.Storage;
import io.kvstore.stripe.Stripes;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What opening leaves for later is done, though nobody may ever need it. */
class IndexLoadingTest {
  private static final int KEYS = 1_000;
  private static final long LIMIT_NANOS = Duration.ofMinutes(1).toNanos();

  @TempDir Path directory;

  @Test
  void indexesOfAStoreThatNobodyUsesAreLoaded() throws InterruptedException {
    try (KvStore<String, String> store = open()) {
      for (int i = 0; i < KEYS; i++) {
        store.put("key" + i, "value");
      }
    }

    try (KvStore<String, String> store = open()) {
      OpenStore parts = ((StripedKvStore<?, ?>) store).parts();
      long start = System.nanoTime();
      while (!isLoaded(parts.stripes())) {
        assertThat(System.nanoTime() - start).isLessThan(LIMIT_NANOS);
        Thread.sleep(1);
      }
      assertThat(parts.recovered().fromCheckpoint()).isTrue();
      assertThat(store.size()).isEqualTo(KEYS);
    }
  }

  private KvStore<String, String> open() {
    return StoreDoor.open(directory, Durability.PROCESS, Storage.FILES, new StoreListener() {});
  }

  private static boolean isLoaded(Stripes stripes) {
    for (int i = 0; i < stripes.count(); i++) {
      if (!stripes.get(i).index().isLoaded()) {
        return false;
      }
    }
    return true;
  }
}
