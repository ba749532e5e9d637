package io.kvstore;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A read-only view of all entries of a store at one point in time, which no later write changes;
 * opened by {@link KvStore#snapshot()}.
 *
 * <p>A snapshot has a sequence: it shows every change up to that sequence and none after it. If the
 * store's {@link Durability} is {@link Durability#SYNC}, all of these changes had been synced.
 * Writers are not blocked. An entry that is replaced or deleted while the snapshot is open costs
 * some 30 bytes of heap, and the disk space of the replaced record, until the snapshot is closed.
 *
 * <p>Safe for use by any number of threads. Every method but {@link #close} throws {@link
 * ClosedStoreException} when the snapshot or its store has been closed, besides the exceptions of a
 * codec and {@link CorruptStoreException} for a damaged record.
 */
public interface Snapshot<K, V> extends Iterable<Entry<K, V>>, AutoCloseable {

  /** Returns the value that was stored under {@code key}, or null if there was none. */
  @Nullable V get(K key);

  /** Returns the entry of {@code key} as it was, or null if there was none. */
  @Nullable Entry<K, V> entry(K key);

  /** Returns whether a value was stored under {@code key}. */
  boolean containsKey(K key);

  /**
   * Returns the number of entries. Entries that had expired but had not been swept when the
   * snapshot was opened are counted, although no other method returns them.
   */
  long size();

  /** Returns the sequence of the last change that this snapshot shows, 0 if there was none. */
  long sequence();

  /** Iterates over all entries, each once, in an unspecified order. */
  @Override
  Iterator<Entry<K, V>> iterator();

  /**
   * Returns an iteration over a range of keys, like {@link KvStore#scan}, but over this snapshot.
   */
  Iterable<Entry<K, V>> scan(KeyRange<K> range);

  /**
   * Returns the first entry of a range of keys, like {@link KvStore#first}, but of this snapshot.
   */
  @Nullable Entry<K, V> first(KeyRange<K> range);

  /**
   * Closes the snapshot and frees the memory and disk space kept for it; a second call does
   * nothing.
   */
  @Override
  void close();
}
