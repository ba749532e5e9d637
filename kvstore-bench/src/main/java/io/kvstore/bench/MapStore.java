package io.kvstore.bench;

import java.util.Map;
import java.util.Objects;

/** The yardstick: what an application uses that needs no disk. */
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
