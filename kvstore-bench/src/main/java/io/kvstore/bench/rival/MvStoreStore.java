package io.kvstore.bench.rival;

import io.kvstore.bench.BenchStore;
import java.util.Objects;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * H2's MVStore by "Store Builder" of its page: a cache as large as the others', and data types
 * given, so that nothing is guessed. It writes what was put a second ago by itself; with {@link
 * StoreSpec#durable} every put commits, and syncs, which its commit does not.
 */
final class MvStoreStore implements BenchStore {
  private final MVStore store;
  private final MVMap<String, byte[]> entries;
  private final @Nullable SyncTimer timer;

  private MvStoreStore(MVStore store, boolean durable) {
    this.store = store;
    entries =
        store.openMap(
            "entries",
            new MVMap.Builder<String, byte[]>()
                .keyType(StringDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
    timer = durable ? null : SyncTimer.start(store::sync);
  }

  static BenchStore open(StoreSpec spec) {
    MVStore.Builder builder =
        new MVStore.Builder()
            .fileName(spec.directory().resolve("entries.mv").toString())
            .cacheSize(Rival.CACHE_MEBIBYTES);
    if (spec.durable()) {
      builder.autoCommitDisabled();
    }
    return new MvStoreStore(builder.open(), spec.durable());
  }

  @Override
  public byte[] get(String key) {
    return Objects.requireNonNull(entries.get(key), key).clone();
  }

  @Override
  public void put(String key, byte[] value) {
    entries.put(key, value.clone());
    if (timer == null) {
      store.commit();
      store.sync();
    }
  }

  @Override
  public void settle() {
    store.commit();
    store.sync();
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.close();
    }
    store.close();
  }
}
