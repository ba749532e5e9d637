package io.kvstore;

import io.kvstore.codec.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A durable key-value store: its entries survive the death of its process.
 *
 * <p>An entry that has been put is found by every later {@link #get}, from any thread, and, if the
 * store has a directory, by every later opening of that directory. A killed process loses nothing.
 * What a power cut may take depends on the store's {@link Durability}.
 *
 * <p>Every method may be called from any thread, on a platform or a virtual thread. Operations on
 * one key are linearizable: they take effect one at a time, each between its call and its return. A
 * thread that is interrupted during a call finishes the call and keeps its interrupt status. Keys
 * and values are never null. No method keeps an array that it was given or returns an array that it
 * keeps: the arrays that callers pass and receive are theirs. (A {@link Batch} keeps the objects it
 * is given until it is written.)
 *
 * <p>An entry may have a deadline. From then on it is absent, for every reader and for every
 * condition, and its space is reclaimed some time later. A write stores its entry without a
 * deadline, whatever the earlier entry had, unless the method says otherwise.
 *
 * <p>A conditional write is atomic: no other write of the key takes effect between its decision and
 * its write. In {@link Durability#SYNC} it may build on writes that are not synced yet; it returns,
 * whatever its result, once every write that the result depends on would survive a power cut.
 * Values are compared by their encoded bytes; versions are those of {@link Entry}.
 *
 * <p>Besides what a method names, each throws {@link NullPointerException} for a null argument,
 * {@link ClosedStoreException} once the store is closed, {@link CorruptStoreException} where it
 * meets a damaged record, and any exception of the codec, which leaves the store as it was. A write
 * throws {@link IllegalArgumentException} for a key or value over its limit, and {@link
 * KvStoreException} if it could not be written; either way the earlier value stays. After a sync
 * has failed, the store rejects all writes until it is reopened: what the failed sync should have
 * secured may be lost, and the store does not pretend otherwise. Reads go on. A write whose sync
 * has failed may be there or not after the store is reopened.
 *
 * @param <K> the type of the keys; two keys are the same if their encoded bytes are
 * @param <V> the type of the values
 */
public interface KvStore<K, V> extends Iterable<Entry<K, V>>, AutoCloseable {

  /** The maximum length of a key, in encoded bytes: 65,535. A key may be empty. */
  int MAX_KEY_BYTES = 0xFFFF;

  /** The minimum time to live of an entry that expires: 1 millisecond. */
  Duration MIN_TTL = Duration.ofMillis(1);

  /** The maximum time to live of an entry that expires: 36,525 days, which are 100 years. */
  Duration MAX_TTL = Duration.ofDays(36_525);

  /** The maximum number of calls of its function that one {@link #compute} makes: 1,000. */
  int MAX_COMPUTE_ATTEMPTS = 1_000;

  /**
   * Returns a builder for a store; nothing is opened before {@link KvStoreBuilder#open()}.
   *
   * @param keys the codec of the keys, the same at every opening of a directory
   * @param values the codec of the values, likewise
   */
  static <K, V> KvStoreBuilder<K, V> builder(Codec<K> keys, Codec<V> values) {
    return new KvStoreBuilder<>(keys, values);
  }

  /** Returns the value stored under {@code key}, or null if there is none. */
  @Nullable V get(K key);

  /**
   * Returns the value stored under {@code key} as its encoded bytes in the log, or null if there is
   * none; values of more than 16 KiB are not copied. For callers that forward bytes, such as a
   * server.
   */
  @Nullable ValueView view(K key);

  /** Returns the entry of {@code key} with its version and deadline, or null if there is none. */
  @Nullable Entry<K, V> entry(K key);

  /**
   * Returns the values of several keys, each as {@link #get} would find it at some point during the
   * call; the values together are not a snapshot.
   *
   * @return a new map, in the order of {@code keys}, with those keys that have a value; like any
   *     {@link java.util.LinkedHashMap} it compares keys with {@code equals}, which arrays do not
   *     support by content
   */
  Map<K, V> getAll(Collection<? extends K> keys);

  /** Returns whether a value is stored under {@code key}. */
  boolean containsKey(K key);

  /**
   * Stores {@code value} under {@code key}, replacing any earlier value.
   *
   * <p>On return every thread sees the new value, and it is as durable as the store's {@link
   * Durability} promises.
   */
  void put(K key, V value);

  /**
   * The asynchronous {@link #put}, for callers that must not wait for a sync: the future completes
   * when the put would have returned. What {@link #put} throws is thrown by this method too, except
   * for a failed sync, which fails the future with a {@link KvStoreException}.
   *
   * <p>The arguments are read before this method returns. It may still wait for space: for the next
   * segment, or until less than {@link KvStoreBuilder#MAX_UNSYNCED_BYTES} wait for the sync under
   * way. Actions that depend on the future should leave the completing thread soon, with one of the
   * {@code Async} methods: it is the thread that syncs for all writers.
   */
  CompletableFuture<Void> putAsync(K key, V value);

  /**
   * Like {@link #put(Object, Object)}, for an entry that expires {@code ttl} after some point
   * during the call, to the millisecond.
   *
   * @throws IllegalArgumentException if {@code ttl} is shorter than {@link #MIN_TTL} or longer than
   *     {@link #MAX_TTL}
   */
  void put(K key, V value, Duration ttl);

  /**
   * The asynchronous {@link #put(Object, Object, Duration)}, as {@link #putAsync} is for {@link
   * #put}.
   */
  CompletableFuture<Void> putAsync(K key, V value, Duration ttl);

  /**
   * Removes the value stored under {@code key}. A deleted key stays deleted, whatever happens to
   * the process, with the same durability as a put.
   *
   * @return whether there was a value
   */
  boolean delete(K key);

  /** The asynchronous {@link #delete}, as {@link #putAsync} is for {@link #put}. */
  CompletableFuture<Boolean> deleteAsync(K key);

  // ---- conditional writes

  /**
   * Stores {@code value} if there is none under {@code key}.
   *
   * @return the value that is there, or null if {@code value} was stored
   */
  @Nullable V putIfAbsent(K key, V value);

  /**
   * Stores {@code value} if the value under {@code key} is {@code expected}.
   *
   * @return whether {@code value} was stored
   */
  boolean replace(K key, V expected, V value);

  /**
   * Stores {@code value} if the entry of {@code key} has this version.
   *
   * @return whether {@code value} was stored
   */
  boolean replaceVersion(K key, long version, V value);

  /**
   * Removes the entry of {@code key} if its value is {@code expected}.
   *
   * @return whether the entry was removed
   */
  boolean delete(K key, V expected);

  /**
   * Removes the entry of {@code key} if it has this version.
   *
   * @return whether the entry was removed
   */
  boolean deleteVersion(K key, long version);

  /** Stores {@code value} and returns the value it replaces, or null if there was none. */
  @Nullable V getAndPut(K key, V value);

  /** Removes the entry of {@code key} and returns its value, or null if there was none. */
  @Nullable V getAndDelete(K key);

  /**
   * Stores the result of {@code function} for {@code key} and its value, which is null if there is
   * none; a null result removes the entry. The deadline is kept.
   *
   * <p>The function runs without a lock, and may call the store. It runs again whenever another
   * write of the key has taken effect in between, and only its last result is stored. In {@link
   * Durability#SYNC} it may see values that are not synced yet. An exception that it throws reaches
   * the caller, and the entry stays as it is.
   *
   * @return the new value, or null if there is none
   * @throws KvStoreException if other writes took effect in between {@link #MAX_COMPUTE_ATTEMPTS}
   *     times; nothing has been written then
   */
  @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function);

  /**
   * Adds {@code delta} to the value of {@code key}, which counts as 0 if there is none. The
   * deadline is kept. For stores whose values are {@link io.kvstore.codec.Codecs#longs()}.
   *
   * @return the sum, which is the new value
   * @throws ArithmeticException if the sum does not fit in a long; the value stays
   * @throws UnsupportedOperationException if the store has another codec for its values
   */
  long increment(K key, long delta);

  // ---- deadlines

  /**
   * Sets the deadline of the entry of {@code key} to {@code ttl} after some point during the call,
   * replacing any earlier one. This is a write: the entry gets a new version.
   *
   * @return whether there is an entry
   * @throws IllegalArgumentException as {@link #put(Object, Object, Duration)} does
   */
  boolean touch(K key, Duration ttl);

  /**
   * Removes the deadline of the entry of {@code key}. This is a write, and the entry gets a new
   * version, unless it has no deadline.
   *
   * @return whether there was a deadline
   */
  boolean persist(K key);

  /**
   * Returns the remaining time to live of the entry of {@code key}, which is positive; or null if
   * there is no entry, or it has no deadline.
   */
  @Nullable Duration remaining(K key);

  // ---- batches

  /** Returns an empty batch. */
  default Batch<K, V> batch() {
    return new Batch<>();
  }

  /**
   * Writes a batch: applies all its operations if all its preconditions hold, and otherwise none.
   *
   * <p>The write is atomic: no other write of any of its keys takes effect between the decision and
   * the write, and a crash or a power cut takes all of it or nothing. {@link #get} reads one key:
   * readers of several keys may find some as before and others as after the batch. On return the
   * batch is as durable as the store's {@link Durability} promises, and its result is as durable as
   * that of a conditional write.
   *
   * @throws IllegalArgumentException if a key, a value or a ttl is over its limit, or several
   *     operations take more than {@link Batch#MAX_BYTES}; nothing has been written then
   */
  BatchResult write(Batch<K, V> batch);

  /** The asynchronous {@link #write}, as {@link #putAsync} is for {@link #put}. */
  CompletableFuture<BatchResult> writeAsync(Batch<K, V> batch);

  // ---- the whole store

  /**
   * Returns the number of entries: exact while there are no writes; during writes, each stripe is
   * counted at a slightly different point in time. Expired entries count until they have been
   * swept.
   */
  long size();

  /**
   * Iterates over all entries, in an unspecified order.
   *
   * <p>Weakly consistent: never fails because of concurrent writes, returns every entry that is
   * there from start to end exactly once, and one that is put or deleted meanwhile at most once for
   * each put. An entry whose deadline passes between {@link Iterator#hasNext()} and {@link
   * Iterator#next()} is still returned. {@link Iterator#remove()} is not supported.
   */
  @Override
  Iterator<Entry<K, V>> iterator();

  /**
   * Returns an iteration over the entries of a range of keys.
   *
   * <p>In a store that is opened with {@link KvStoreBuilder#ordered()}, the iteration is in the
   * order of the range and reads nothing else. In other stores it reads all entries, skips those
   * outside the range, and has an unspecified order. Weakly consistent, like {@link #iterator}; an
   * ordered iteration returns a key at most once.
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
   * Returns one page of a cursor scan over the entries of a range, for callers that hold nothing
   * open between two calls, such as servers. In an ordered store the entries are in the order of
   * the range.
   *
   * <p>An entry that is there from the first page to the last is returned exactly once, whatever is
   * put and deleted meanwhile; one that is put or deleted meanwhile at most once. A page examines
   * some 10,000 entries at most, and ends with the first entry that brings it to 1 MiB, so it may
   * have fewer entries than the limit and still not be the last one.
   *
   * @param cursor the cursor of the previous page, or null for the first page
   * @param limit the maximum number of entries; in a store that is not ordered there can be a few
   *     more
   * @throws IllegalArgumentException if the limit is not positive, or the cursor does not come from
   *     this store, opened like now as to {@link KvStoreBuilder#ordered()}
   */
  Page<K, V> page(KeyRange<K> range, @Nullable String cursor, int limit);

  /**
   * Opens a snapshot: a view of all entries as they are now, which later writes do not change.
   * Close it when it is no longer needed. Takes some microseconds, whatever the size of the store,
   * and blocks writers for no longer than that.
   */
  Snapshot<K, V> snapshot();

  /**
   * Starts a change feed of every change from now on, like {@link #watch(long, ChangeListener)}.
   */
  Watch watch(ChangeListener<K, V> listener);

  /**
   * Starts a change feed: delivers every change from a version on to a listener, each once and in
   * order, as soon as the store shows it, until the watch or the store is closed. Each watch has a
   * thread, which reads the log: a slow listener slows down nothing else, and if compaction has
   * dropped changes that it has not read yet, the gap is reported to it. A store that was closed
   * and reopened still has the changes that no compaction has dropped.
   *
   * @param from the version of the first change to deliver, at least 1; it may be a future version
   * @throws KvStoreException if the store has 1,000 watches
   */
  Watch watch(long from, ChangeListener<K, V> listener);

  /**
   * Returns the id of the history that a version belongs to. A version and this id identify one
   * change for ever. After a restore, a repair, or a power cut that took changes, a store assigns
   * the same versions again to other changes, and those have another id. A program that keeps
   * versions over such times keeps the ids with them, and compares both.
   *
   * @param version a version; for one that has not been assigned yet, the result is the id that it
   *     would have. Does not change while the store is open
   */
  long historyId(long version);

  /**
   * Syncs the log: on return all that was written before the call would survive a power cut, in
   * every {@link Durability}. Does nothing for a store in memory.
   *
   * @throws KvStoreException if the sync failed, or the directory no longer belongs to the store;
   *     further writes are rejected then
   */
  void sync();

  /** The asynchronous {@link #sync}, as {@link #putAsync} is for {@link #put}. */
  CompletableFuture<Void> syncAsync();

  /**
   * Sweeps expired entries and compacts every segment that is worth compacting, except for what is
   * written meanwhile; returns when this is done. A store compacts itself in the background: call
   * this to reclaim space at once. Reads and writes go on.
   *
   * @throws KvStoreException if the compaction failed; nothing is lost, and the store stays usable
   */
  void compact();

  /**
   * Writes a full or incremental backup to a directory: a store of its own, to be opened in place
   * of this one. Reads and writes go on; compaction waits.
   *
   * <p>The backup is the store at one point in time during the call, with whole batches. It has
   * everything that had been put when the call began, in every {@link Durability}; it also has what
   * was put since and was synced by that point, and nothing that was not. On return it would
   * survive a power cut.
   *
   * <p>The directory must be missing or empty, or hold an earlier backup of this store that is not
   * open, has not been written to, and has no changes that are not this store's: then only segments
   * that are not there yet are copied. A copy of the store's directory, a restored backup, and a
   * store whose files have been replaced by older ones need a new backup. At all times, also after
   * a failure or a crash, the directory holds either the whole earlier backup or the new one. A
   * first backup that fails may leave files behind, which cannot be opened as a store and which the
   * next backup to that directory replaces.
   *
   * @throws LockedStoreException if a store has the directory open
   * @throws KvStoreException if the directory has anything else in it, is inside the store's
   *     directory, or can't be written to, or if the last sync failed, or 64 tasks are already
   *     waiting
   * @throws CorruptStoreException if a segment to be copied is damaged
   * @throws UnsupportedOperationException if the store is in memory, or open for reading only
   */
  BackupReport backup(Path directory);

  /** The asynchronous {@link #backup}, as {@link #putAsync} is for {@link #put}. */
  CompletableFuture<BackupReport> backupAsync(Path directory);

  /** Returns the store's counters, as of now. */
  StoreStats stats();

  /**
   * Closes the store: syncs it and releases the directory. Calls in progress on other threads
   * finish or throw {@link ClosedStoreException}. A second call does nothing.
   *
   * @throws KvStoreException if the last sync failed, or the directory no longer belongs to the
   *     store; everything is closed all the same
   */
  @Override
  void close();
}
