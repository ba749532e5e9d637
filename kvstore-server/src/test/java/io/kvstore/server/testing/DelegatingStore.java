package io.kvstore.server.testing;

import io.kvstore.ChangeListener;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.Page;
import io.kvstore.Snapshot;
import io.kvstore.StoreStats;
import io.kvstore.ValueView;
import io.kvstore.Watch;
import io.kvstore.codec.Codecs;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A store in memory of which a test changes what it wants. */
public class DelegatingStore implements KvStore<byte[], byte[]> {
  private final KvStore<byte[], byte[]> store =
      KvStore.builder(Codecs.bytes(), Codecs.bytes()).open();

  @Override
  public byte @Nullable [] get(byte[] key) {
    return store.get(key);
  }

  @Override
  public @Nullable ValueView view(byte[] key) {
    return store.view(key);
  }

  @Override
  public boolean containsKey(byte[] key) {
    return store.containsKey(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public CompletableFuture<Void> putAsync(byte[] key, byte[] value) {
    return store.putAsync(key, value);
  }

  @Override
  public boolean delete(byte[] key) {
    return store.delete(key);
  }

  @Override
  public CompletableFuture<Boolean> deleteAsync(byte[] key) {
    return store.deleteAsync(key);
  }

  @Override
  public long size() {
    return store.size();
  }

  @Override
  public Iterator<Entry<byte[], byte[]>> iterator() {
    return store.iterator();
  }

  @Override
  public Iterable<Entry<byte[], byte[]>> scan(KeyRange<byte[]> range) {
    return store.scan(range);
  }

  @Override
  public @Nullable Entry<byte[], byte[]> first(KeyRange<byte[]> range) {
    return store.first(range);
  }

  @Override
  public Page<byte[], byte[]> page(KeyRange<byte[]> range, @Nullable String cursor, int limit) {
    return store.page(range, cursor, limit);
  }

  @Override
  public Snapshot<byte[], byte[]> snapshot() {
    return store.snapshot();
  }

  @Override
  public Watch watch(ChangeListener<byte[], byte[]> listener) {
    return store.watch(listener);
  }

  @Override
  public Watch watch(long from, ChangeListener<byte[], byte[]> listener) {
    return store.watch(from, listener);
  }

  @Override
  public void sync() {
    store.sync();
  }

  @Override
  public StoreStats stats() {
    return store.stats();
  }

  @Override
  public void close() {
    store.close();
  }
}
