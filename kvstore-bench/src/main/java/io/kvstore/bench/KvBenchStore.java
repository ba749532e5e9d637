package io.kvstore.bench;

import io.kvstore.KvStore;
import java.util.Objects;

/** A kvstore and the directory that goes with it; the store itself does the copying. */
record KvBenchStore(ScratchDirectory scratch, KvStore<String, byte[]> store) implements BenchStore {

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
  public void close() {
    try (scratch) {
      store.close();
    }
  }
}
