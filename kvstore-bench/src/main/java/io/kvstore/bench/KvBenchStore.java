package io.kvstore.bench;

import io.kvstore.KvStore;
import io.kvstore.StoreStats;
import java.util.Map;
import java.util.Objects;

/**
 * kvstore as the store under test; it copies values itself.
 *
 * @param deletion what is to be done when it is closed
 */
record KvBenchStore(Runnable deletion, KvStore<String, byte[]> store) implements BenchStore {

  @Override
  public byte[] get(String key) {
    return Objects.requireNonNull(store.get(key), key);
  }

  @Override
  public void put(String key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public void settle() {
    store.sync();
  }

  @Override
  public Map<String, Double> figures() {
    StoreStats stats = store.stats();
    double liveBytes = Math.max(1, stats.liveBytes());
    return Map.of(
        "disk/live",
        stats.diskBytes() / liveBytes,
        "live/log",
        liveBytes / stats.logBytes(),
        "written/appended",
        stats.writeAmplification());
  }

  @Override
  public void close() {
    try {
      store.close();
    } finally {
      deletion.run();
    }
  }
}
