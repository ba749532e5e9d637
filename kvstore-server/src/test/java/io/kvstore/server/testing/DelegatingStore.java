package io.kvstore.server.testing;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
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
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
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
  public @Nullable Entry<byte[], byte[]> entry(byte[] key) {
    return store.entry(key);
  }

  @Override
  public Map<byte[], byte[]> getAll(Collection<? extends byte[]> keys) {
    return store.getAll(keys);
  }

  @Override
  public void put(byte[] key, byte[] value, Duration ttl) {
    store.put(key, value, ttl);
  }

  @Override
  public CompletableFuture<Void> putAsync(byte[] key, byte[] value, Duration ttl) {
    return store.putAsync(key, value, ttl);
  }

  @Override
  public byte @Nullable [] putIfAbsent(byte[] key, byte[] value) {
    return store.putIfAbsent(key, value);
  }

  @Override
  public boolean replace(byte[] key, byte[] expected, byte[] value) {
    return store.replace(key, expected, value);
  }

  @Override
  public boolean replaceVersion(byte[] key, long version, byte[] value) {
    return store.replaceVersion(key, version, value);
  }

  @Override
  public boolean delete(byte[] key, byte[] expected) {
    return store.delete(key, expected);
  }

  @Override
  public boolean deleteVersion(byte[] key, long version) {
    return store.deleteVersion(key, version);
  }

  @Override
  public byte @Nullable [] getAndPut(byte[] key, byte[] value) {
    return store.getAndPut(key, value);
  }

  @Override
  public byte @Nullable [] getAndDelete(byte[] key) {
    return store.getAndDelete(key);
  }

  @Override
  public byte @Nullable [] compute(
      byte[] key, BiFunction<? super byte[], ? super byte[], ? extends byte[]> function) {
    return store.compute(key, function);
  }

  @Override
  public long increment(byte[] key, long delta) {
    return store.increment(key, delta);
  }

  @Override
  public boolean touch(byte[] key, Duration ttl) {
    return store.touch(key, ttl);
  }

  @Override
  public boolean persist(byte[] key) {
    return store.persist(key);
  }

  @Override
  public @Nullable Duration remaining(byte[] key) {
    return store.remaining(key);
  }

  @Override
  public BatchResult write(Batch<byte[], byte[]> batch) {
    return store.write(batch);
  }

  @Override
  public CompletableFuture<BatchResult> writeAsync(Batch<byte[], byte[]> batch) {
    return store.writeAsync(batch);
  }

  @Override
  public CompletableFuture<Void> syncAsync() {
    return store.syncAsync();
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
  public void compact() {
    store.compact();
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
