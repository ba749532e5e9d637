package io.kvstore.engine;

import io.kvstore.ClosedStoreException;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.Snapshot;
import io.kvstore.platform.StoreLogger;
import io.kvstore.segment.StoredRecord;
import io.kvstore.stripe.Stripes;
import io.kvstore.stripe.StripesSnapshot;
import java.lang.ref.Cleaner;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot that callers hold. A snapshot that is garbage collected without {@link #close} is
 * closed then, with a warning in the log.
 */
final class StripedSnapshot<K, V> implements Snapshot<K, V> {
  private static final Cleaner FORGOTTEN = Cleaner.create();

  private final CodecPair<K, V> codecs;
  private final StripesSnapshot snapshot;
  private final Runnable requireOpenStore;
  private final Scans<K, V> scans;

  /**
   * @param requireOpenStore throws once the store is closed
   */
  StripedSnapshot(CodecPair<K, V> codecs, Stripes stripes, Runnable requireOpenStore) {
    this.codecs = codecs;
    this.snapshot = stripes.snapshots().open();
    this.requireOpenStore = requireOpenStore;
    RangeScan records = new RangeScan(stripes.ordered(), snapshot);
    this.scans =
        new Scans<>(
            codecs,
            records,
            new Runnable() {
              @Override
              public void run() {
                requireOpen();
              }
            });
    FORGOTTEN.register(this, new Forgotten(snapshot));
  }

  /** Closes the snapshot of a caller who forgot it; must not refer to what the caller holds. */
  private record Forgotten(StripesSnapshot snapshot) implements Runnable {
    @Override
    public void run() {
      if (!snapshot.isClosed()) {
        StoreLogger.get().log(System.Logger.Level.WARNING, "a snapshot was never closed");
        snapshot.close();
      }
    }
  }

  @Override
  public @Nullable V get(K key) {
    return codecs.decoded(find(key));
  }

  @Override
  public @Nullable Entry<K, V> entry(K key) {
    StoredRecord record = find(key);
    return record == null ? null : codecs.entry(key, record);
  }

  @Override
  public boolean containsKey(K key) {
    return find(key) != null;
  }

  private @Nullable StoredRecord find(K key) {
    requireOpen();
    return snapshot.copy(codecs.lookupKey(key));
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
    return scans.iterator();
  }

  @Override
  public Iterable<Entry<K, V>> scan(KeyRange<K> range) {
    return scans.scan(range);
  }

  @Override
  public @Nullable Entry<K, V> first(KeyRange<K> range) {
    return scans.first(range);
  }

  private void requireOpen() {
    if (snapshot.isClosed()) {
      throw new ClosedStoreException("the snapshot is closed");
    }
    requireOpenStore.run();
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
