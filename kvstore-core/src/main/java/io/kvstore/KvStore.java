package io.kvstore;

import io.kvstore.codec.Codec;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A key-value store that survives the death of its process.
 *
 * <p>What has been put is found by every later {@link #get}, from any thread, and, where the store
 * has a directory, by every later opening of that directory. How much of it a power cut may take is
 * the store's {@link Durability}; a killed process takes nothing.
 *
 * <p>Every method may be called from any thread, on a platform or a virtual thread. Operations on
 * one key are linearizable: they take effect one at a time, each between its call and its return. A
 * thread that is interrupted while it is in here finishes its call and keeps its interrupt status.
 * Keys and values are never null, and no method keeps an array that it was given or hands out an
 * array that it keeps: what callers pass and get is theirs.
 *
 * <p>Besides what a method names, each throws {@link NullPointerException} for a null argument,
 * {@link ClosedStoreException} once the store is closed, {@link CorruptStoreException} where it
 * meets a damaged record, and whatever the codec throws, which leaves the store as it was. A write
 * throws {@link IllegalArgumentException} for a key or value over its limit, and {@link
 * KvStoreException} if it could not be written; either way the earlier value stays. After a sync
 * has failed nothing more is written until the store is opened anew: what the failed sync should
 * have secured may be lost, and the store does not pretend otherwise. Reads go on. A write that
 * such a sync has failed may be there or not when the store is opened anew.
 *
 * @param <K> the type of the keys; two keys are the same if their encoded bytes are
 * @param <V> the type of the values
 */
public interface KvStore<K, V> extends Iterable<Entry<K, V>>, AutoCloseable {

  /** The longest key, in encoded bytes: 65,535. The shortest is empty. */
  int MAX_KEY_BYTES = 0xFFFF;

  /**
   * Starts to describe a store; nothing is opened before {@link KvStoreBuilder#open()}.
   *
   * @param keys how keys become bytes, the same at every opening of a directory
   * @param values how values become bytes, likewise
   */
  static <K, V> KvStoreBuilder<K, V> builder(Codec<K> keys, Codec<V> values) {
    return new KvStoreBuilder<>(keys, values);
  }

  /** Returns the value stored under {@code key}, or null if there is none. */
  @Nullable V get(K key);

  /**
   * Returns the value stored under {@code key} as the bytes that the log holds, without a copy, or
   * null if there is none. For callers that send bytes on, such as a server.
   */
  @Nullable ValueView view(K key);

  /** Tells whether a value is stored under {@code key}. */
  boolean containsKey(K key);

  /**
   * Stores {@code value} under {@code key}, replacing any earlier value.
   *
   * <p>On return every thread sees the new value, and it has travelled as far as the store's {@link
   * Durability} promises.
   */
  void put(K key, V value);

  /**
   * Like {@link #put}, for callers that must not wait for a sync: the future completes when the put
   * would have returned. What {@link #put} throws is thrown by this method too, but for a failed
   * sync, which fails the future with a {@link KvStoreException}.
   *
   * <p>The arguments are read before this method returns. It may still wait for space: for the next
   * segment, or until less than {@link KvStoreBuilder#MAX_UNSYNCED_BYTES} wait for the sync under
   * way. Actions that depend on the future should leave the completing thread soon, with one of the
   * {@code Async} methods: it is the thread that syncs for everyone.
   */
  CompletableFuture<Void> putAsync(K key, V value);

  /**
   * Removes the value stored under {@code key}; a deleted key stays deleted, whatever happens to
   * the process, under the same promise as a put.
   *
   * @return whether there was a value
   */
  boolean delete(K key);

  /** Is to {@link #delete} what {@link #putAsync} is to {@link #put}. */
  CompletableFuture<Boolean> deleteAsync(K key);

  /** Returns the number of entries: exact while nobody writes, else true for some moment each. */
  long size();

  /**
   * Walks over all entries, in no order that means anything.
   *
   * <p>Weakly consistent: never fails because of writes that go on, returns every entry that is
   * there from start to end exactly once, and one that is put or deleted meanwhile at most once for
   * each put. {@link Iterator#remove()} is not supported.
   */
  @Override
  Iterator<Entry<K, V>> iterator();

  /**
   * Walks over the entries of a range of keys.
   *
   * <p>In a store that is opened with {@link KvStoreBuilder#ordered()}, in the order of the range,
   * and reading nothing else; in others over all entries, leaving out those that are not in the
   * range, in no order that means anything. Weakly consistent, as {@link #iterator}; a walk in
   * order returns a key at most once.
   */
  Iterable<Entry<K, V>> scan(KeyRange<K> range);

  /**
   * Returns the first entry of a range in its direction, or null if there is none: so the first of
   * all keys, the last ({@link KeyRange#reversed()}), the one at or behind a key ({@link
   * KeyRange#from}), or at or before it.
   *
   * @throws UnsupportedOperationException if the store was not opened with {@link
   *     KvStoreBuilder#ordered()}
   */
  @Nullable Entry<K, V> first(KeyRange<K> range);

  /**
   * Returns one part of a walk over the entries of a range, for callers that hold nothing open
   * between two calls, such as servers. In an ordered store in the order of the range.
   *
   * <p>An entry that is there from the first part to the last is returned exactly once, whatever is
   * put and deleted meanwhile; one that is put or deleted meanwhile at most once. A part looks at
   * some 10,000 entries at most, so it may have fewer entries than asked for and still not be the
   * last one.
   *
   * @param cursor of the part before, or null for the first part
   * @param limit the most entries wanted; in a store that is not ordered there can be a few more
   * @throws IllegalArgumentException if the limit is not positive, or the cursor is not one of this
   *     store for a store opened like this one, ordered or not
   */
  Page<K, V> page(KeyRange<K> range, @Nullable String cursor, int limit);

  /**
   * Opens a view of all entries as they are now, which stays as it is; to be closed when it is no
   * longer needed. Takes some microseconds, whatever the size of the store, and stops no writer for
   * longer.
   */
  Snapshot<K, V> snapshot();

  /** Tells a listener of every change from now on, like {@link #watch(long, ChangeListener)}. */
  Watch watch(ChangeListener<K, V> listener);

  /**
   * Tells a listener of every change from a version on, each once and in order, as soon as the
   * store shows it, until the watch or the store is closed. Each watch has a thread, which reads
   * the log: a slow listener slows nobody, and where compaction has dropped changes that it has not
   * read yet it is told of the gap. A store that was closed and opened again still has the changes
   * that no compaction has dropped.
   *
   * @param from the version of the first change wanted, from 1; one that is still to come is waited
   *     for
   * @throws KvStoreException if the store has 1,000 watches
   */
  Watch watch(long from, ChangeListener<K, V> listener);

  /**
   * Returns when all that was written before the call would survive a power cut, in every {@link
   * Durability}. Does nothing for a store in memory.
   *
   * @throws KvStoreException if the disk refused; no more writes are taken then
   */
  void sync();

  /** Returns the store's counters, as of now. */
  StoreStats stats();

  /**
   * Syncs, and gives the directory back. Calls under way on other threads finish or throw {@link
   * ClosedStoreException}. A second call does nothing.
   *
   * @throws KvStoreException if the last sync failed; everything is closed all the same
   */
  @Override
  void close();
}
