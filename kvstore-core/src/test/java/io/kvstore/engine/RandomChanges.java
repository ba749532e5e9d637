package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Changes some keys of a store over and over, and remembers what the store must hold. */
final class RandomChanges {
  private static final int KEYS = 200;

  private final Map<String, String> entries = new HashMap<>();
  private final Random random = new Random(7);

  Map<String, String> entries() {
    return entries;
  }

  /** Puts and deletes. */
  void make(KvStore<String, String> kv, int changes) {
    for (int i = 0; i < changes; i++) {
      String key = "key" + random.nextInt(KEYS);
      if (random.nextInt(3) == 0) {
        assertThat(kv.delete(key)).isEqualTo(entries.remove(key) != null);
      } else {
        String value = i + "v".repeat(random.nextInt(random.nextInt(50) == 0 ? 6000 : 90));
        kv.put(key, value);
        entries.put(key, value);
      }
    }
  }

  /** Puts some 4 KiB for each segment, of which nothing gets stale. */
  void fill(KvStore<String, String> kv, int segments) {
    for (int i = 0; i < segments * 2; i++) {
      String key = "filler" + entries.size();
      kv.put(key, "v".repeat(1_900));
      entries.put(key, "v".repeat(1_900));
    }
  }
}
