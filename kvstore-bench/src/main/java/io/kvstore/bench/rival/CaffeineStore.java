package io.kvstore.bench.rival;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kvstore.bench.BenchStore;
import java.util.Objects;

/** Caffeine with a maximum size, as in Population of its wiki: one that all entries fit into. */
record CaffeineStore(Cache<String, byte[]> cache) implements BenchStore {

  static BenchStore open(StoreSpec spec) {
    return new CaffeineStore(Caffeine.newBuilder().maximumSize(2L * spec.entries()).build());
  }

  @Override
  public byte[] get(String key) {
    return Objects.requireNonNull(cache.getIfPresent(key), key).clone();
  }

  @Override
  public void put(String key, byte[] value) {
    cache.put(key, value.clone());
  }

  @Override
  public void settle() {
    cache.cleanUp();
  }

  @Override
  public void close() {
    cache.invalidateAll();
  }
}
