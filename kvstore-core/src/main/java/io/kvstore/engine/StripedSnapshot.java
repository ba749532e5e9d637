package io.kvstore.engine;

import io.kvstore.ClosedStoreException;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.Snapshot;
import io.kvstore.log.RecordView;
import java.lang.ref.Cleaner;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The snapshot that callers hold. One that is forgotten is closed by the collector, and logged. */
final class StripedSnapshot<K, V> implements Snapshot<K, V> {
  private static final System.Logger LOGGER = System.getLogger("io.kvstore");
  private static final Cleaner FORGOTTEN = Cleaner.create();

  private final StripedKvStore<K, V> store;
  private final StripesSnapshot snapshot;

  StripedSnapshot(StripedKvStore<K, V> store, StripesSnapshot snapshot) {
    this.store = store;
    this.snapshot = snapshot;
    FORGOTTEN.register(this, () -> closeForgotten(snapshot));
  }

  private static void closeForgotten(StripesSnapshot snapshot) {
    if (!snapshot.isClosed()) {
      LOGGER.log(System.Logger.Level.WARNING, "a snapshot was never closed");
      snapshot.close();
    }
  }

  @Override
  public @Nullable V get(K key) {
    RecordView record = find(key);
    return record == null ? null : store.value(record);
  }

  @Override
  public @Nullable Entry<K, V> entry(K key) {
    RecordView record = find(key);
    return record == null ? null : store.entry(record);
  }

  @Override
  public boolean containsKey(K key) {
    return find(key) != null;
  }

  private @Nullable RecordView find(K key) {
    Objects.requireNonNull(key, "key");
    requireOpen();
    return snapshot.find(store.key(key));
  }

  @Override
  public long size() {
    requireOpen();
    return snapshot.size();
  }

  @Override
  public long sequence() {
    requireOpen();
    return snapshot.sequence();
  }

  @Override
  public Iterator<Entry<K, V>> iterator() {
    requireOpen();
    return store.entries(snapshot.records(), this::requireOpen);
  }

  @Override
  public Iterable<Entry<K, V>> scan(KeyRange<K> range) {
    ByteRange bytes = store.bytes(range);
    requireOpen();
    return () -> store.entries(scan().records(bytes), this::requireOpen);
  }

  @Override
  public @Nullable Entry<K, V> first(KeyRange<K> range) {
    ByteRange bytes = store.bytes(range);
    requireOpen();
    RecordView record = scan().first(bytes);
    return record == null ? null : store.entry(record);
  }

  private RangeScan scan() {
    return new RangeScan(store.ordered(), snapshot::find, snapshot::records);
  }

  private void requireOpen() {
    if (snapshot.isClosed()) {
      throw new ClosedStoreException("the snapshot is closed");
    }
    store.requireOpen();
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
