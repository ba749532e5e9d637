package io.kvstore.bench.rival;

import io.kvstore.bench.BenchStore;
import java.util.Map;
import java.util.Objects;

/** A Java map, or a cache with a map view: the baseline without a disk. */
record MapStore(Map<String, byte[]> map) implements BenchStore {

  @Override
  public byte[] get(String key) {
    return Objects.requireNonNull(map.get(key), key).clone();
  }

  @Override
  public void put(String key, byte[] value) {
    map.put(key, value.clone());
  }

  @Override
  public void settle() {}

  @Override
  public void close() {
    map.clear();
  }
}
