package io.kvstore.testing;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.codec.Codec;
import io.kvstore.codec.Codecs;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The kinds of store that each promise is tested on. */
public enum Configuration {
  IN_MEMORY(null),
  PROCESS(Durability.PROCESS),
  INTERVAL(Durability.INTERVAL),
  SYNC(Durability.SYNC);

  private final @Nullable Durability durability;

  Configuration(@Nullable Durability durability) {
    this.durability = durability;
  }

  /** Returns whether an opening finds what an earlier one has stored. */
  public boolean isDurable() {
    return durability != null;
  }

  /** Returns a builder for a store in a directory, which a store in memory ignores. */
  public <K, V> KvStoreBuilder<K, V> builder(Path directory, Codec<K> keys, Codec<V> values) {
    KvStoreBuilder<K, V> builder = KvStore.builder(keys, values);
    if (durability != null) {
      builder.directory(directory).durability(durability);
    }
    return builder;
  }

  /** Returns a builder for a store of strings. */
  public KvStoreBuilder<String, String> strings(Path directory) {
    return builder(directory, Codecs.string(), Codecs.string());
  }
}
