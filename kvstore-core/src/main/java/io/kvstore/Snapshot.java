package io.kvstore;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * All entries of a store as they were at one moment: a view that no later write changes, made by
 * {@link KvStore#snapshot()}.
 *
 * <p>It stands for a sequence: it shows every change up to that one and none after it. Where the
 * store's {@link Durability} is {@link Durability#SYNC}, all of that had been synced. Writers go on
 * meanwhile; of an entry that is there when the snapshot is opened, what it shows costs some 30
 * bytes of heap from the moment that the entry is replaced or deleted until the snapshot is closed,
 * and the disk space of the replaced record.
 *
 * <p>Safe for use by any number of threads. Every method but {@link #close} throws {@link
 * ClosedStoreException} when the snapshot or its store has been closed, besides what a codec throws
 * and {@link CorruptStoreException} for a damaged record.
 */
public interface Snapshot<K, V> extends Iterable<Entry<K, V>>, AutoCloseable {

  /** Returns the value that was stored under {@code key}, or null if there was none. */
  @Nullable V get(K key);

  /** Returns the entry of {@code key} as it was, or null if there was none. */
  @Nullable Entry<K, V> entry(K key);

  /** Tells whether a value was stored under {@code key}. */
  boolean containsKey(K key);

  /**
   * Returns the number of entries; those that had expired and not been swept when the snapshot was
   * opened are counted, though nothing else here shows them.
   */
  long size();

  /** Returns the number of the last change that this snapshot shows, 0 if there was none. */
  long sequence();

  /** Walks over all entries, each once, in no order that means anything. */
  @Override
  Iterator<Entry<K, V>> iterator();

  /** Is to this view what {@link KvStore#scan} is to the store, and frozen too. */
  Iterable<Entry<K, V>> scan(KeyRange<K> range);

  /** Is to this view what {@link KvStore#first} is to the store. */
  @Nullable Entry<K, V> first(KeyRange<K> range);

  /** Ends this view and frees what only it needed; a second call does nothing. */
  @Override
  void close();
}
