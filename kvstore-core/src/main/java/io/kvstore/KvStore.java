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
 * array that it keeps: what callers pass and get is theirs. (A {@link Batch} keeps what it is given
 * until it is written.)
 *
 * <p>An entry may have a deadline. From then on it is absent, for every reader and for every
 * condition, and space is given back some time later. A write stores its entry without a deadline,
 * whatever the one before had, unless it says otherwise.
 *
 * <p>A conditional write decides and writes in one step, which no other write of the key can come
 * between. In {@link Durability#SYNC} it builds on writes that are not synced yet, and returns,
 * whatever its answer, once all that the answer rests on would survive a power cut. Values are
 * compared by their encoded bytes, versions are those of {@link Entry}.
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

  /** The shortest life of an entry that expires: 1 millisecond. */
  Duration MIN_TTL = Duration.ofMillis(1);

  /** The longest life of an entry that expires: 36,525 days, which are 100 years. */
  Duration MAX_TTL = Duration.ofDays(36_525);

  /** How often {@link #compute} calls its function before it gives up: 1,000 times. */
  int MAX_COMPUTE_ATTEMPTS = 1_000;

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
   * Returns the value stored under {@code key} as the bytes that the log holds, or null if there is
   * none; without a copy if they are more than 16 KiB. For callers that send bytes on, such as a
   * server.
   */
  @Nullable ValueView view(K key);

  /** Returns the entry of {@code key} with its version and deadline, or null if there is none. */
  @Nullable Entry<K, V> entry(K key);

  /**
   * Returns the entries that these keys have, each as {@link #get} would find it at some moment of
   * the call; no more is promised of several together.
   *
   * @return a new map, in the order of {@code keys}, with those keys that have a value; as any
   *     {@link java.util.LinkedHashMap} it knows keys by {@code equals}, which arrays lack
   */
  Map<K, V> getAll(Collection<? extends K> keys);

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
   * Like {@link #put(Object, Object)}, of an entry that expires {@code ttl} after a moment of the
   * call, to the millisecond.
   *
   * @throws IllegalArgumentException if {@code ttl} is shorter than {@link #MIN_TTL} or longer than
   *     {@link #MAX_TTL}
   */
  void put(K key, V value, Duration ttl);

  /** Is to {@link #put(Object, Object, Duration)} what {@link #putAsync} is to {@link #put}. */
  CompletableFuture<Void> putAsync(K key, V value, Duration ttl);

  /**
   * Removes the value stored under {@code key}; a deleted key stays deleted, whatever happens to
   * the process, under the same promise as a put.
   *
   * @return whether there was a value
   */
  boolean delete(K key);

  /** Is to {@link #delete} what {@link #putAsync} is to {@link #put}. */
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
   * @return whether it was
   */
  boolean replace(K key, V expected, V value);

  /**
   * Stores {@code value} if the entry of {@code key} has this version.
   *
   * @return whether it had
   */
  boolean replaceVersion(K key, long version, V value);

  /**
   * Removes the entry of {@code key} if its value is {@code expected}.
   *
   * @return whether it was
   */
  boolean delete(K key, V expected);

  /**
   * Removes the entry of {@code key} if it has this version.
   *
   * @return whether it had
   */
  boolean deleteVersion(K key, long version);

  /** Stores {@code value} and returns the value it replaces, or null if there was none. */
  @Nullable V getAndPut(K key, V value);

  /** Removes the entry of {@code key} and returns its value, or null if there was none. */
  @Nullable V getAndDelete(K key);

  /**
   * Stores what {@code function} makes of {@code key} and its value, which is null if there is
   * none; null as the result removes the entry. The deadline stays.
   *
   * <p>The function runs under no lock, and may call the store. It runs again whenever another
   * write of the key has come in between, and only its last result is stored. In {@link
   * Durability#SYNC} it may see values that are not synced yet. What it throws reaches the caller,
   * and the entry stays as it is.
   *
   * @return the new value, or null if there is none
   * @throws KvStoreException if other writes came in between {@link #MAX_COMPUTE_ATTEMPTS} times;
   *     nothing has been written then
   */
  @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function);

  /**
   * Adds {@code delta} to the value of {@code key}, which counts as 0 if there is none. The
   * deadline stays. For stores whose values are {@link io.kvstore.codec.Codecs#longs()}.
   *
   * @return the sum, which is the new value
   * @throws ArithmeticException if the sum is no long; the value stays
   * @throws UnsupportedOperationException if the store has another codec for its values
   */
  long increment(K key, long delta);

  // ---- deadlines

  /**
   * Gives the entry of {@code key} a deadline, {@code ttl} after a moment of the call, in place of
   * any it had. That is a write, and the entry gets a new version.
   *
   * @return whether there is an entry
   * @throws IllegalArgumentException as {@link #put(Object, Object, Duration)} does
   */
  boolean touch(K key, Duration ttl);

  /**
   * Takes the deadline from the entry of {@code key}. That is a write, and the entry gets a new
   * version, unless it has no deadline.
   *
   * @return whether there was a deadline
   */
  boolean persist(K key);

  /**
   * Returns how long the entry of {@code key} will still be there: more than nothing; or null if
   * there is no entry, or one without a deadline.
   */
  @Nullable Duration remaining(K key);

  // ---- batches

  /** Returns an empty batch. */
  default Batch<K, V> batch() {
    return new Batch<>();
  }

  /**
   * Applies all operations of a batch, if all its preconditions hold, or none.
   *
   * <p>Decided and written in one step, which no other write of any of its keys can come between. A
   * crash, and a power cut, takes all of it or nothing. {@link #get} asks for one key: readers of
   * several may find some before and others after the batch. On return it has travelled as far as
   * the store's {@link Durability} promises, and what a conditional write promises of its answer is
   * promised of the result.
   *
   * @throws IllegalArgumentException if a key, a value or a ttl is over its limit, or several
   *     operations take more than {@link Batch#MAX_BYTES}; nothing has been written then
   */
  BatchResult write(Batch<K, V> batch);

  /** Is to {@link #write} what {@link #putAsync} is to {@link #put}. */
  CompletableFuture<BatchResult> writeAsync(Batch<K, V> batch);

  // ---- the whole store

  /**
   * Returns the number of entries: exact while nobody writes, else true for some moment each. Those
   * that have expired count until their space is given back.
   */
  long size();

  /**
   * Walks over all entries, in no order that means anything.
   *
   * <p>Weakly consistent: never fails because of writes that go on, returns every entry that is
   * there from start to end exactly once, and one that is put or deleted meanwhile at most once for
   * each put. An entry whose deadline passes between {@link Iterator#hasNext()} and {@link
   * Iterator#next()} is still returned. {@link Iterator#remove()} is not supported.
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
   * some 10,000 entries at most, and ends with the first that brings it to 1 MiB, so it may have
   * fewer entries than asked for and still not be the last one.
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
   * @throws KvStoreException if the disk refused, or the directory is the store's no more; no more
   *     writes are taken then
   */
  void sync();

  /** Is to {@link #sync} what {@link #putAsync} is to {@link #put}. */
  CompletableFuture<Void> syncAsync();

  /**
   * Returns when what has expired is deleted and all has been compacted that is worth it, save for
   * what is written meanwhile. A store compacts itself by and by: this is for those who want the
   * room at once. Reads and writes go on.
   *
   * @throws KvStoreException if it could not be done; nothing is lost, and the store goes on
   */
  void compact();

  /**
   * Brings a directory up to now, as a backup: a store of its own, to be opened in place of this
   * one. Reads and writes go on; compaction waits.
   *
   * <p>The backup is the store at one moment of the call, batches whole. What had been put when the
   * call began is in it, in every {@link Durability}; so is what has been put since and was synced
   * by then, and nothing that was not. On return it would survive a power cut.
   *
   * <p>The directory must be missing or empty, or have an earlier backup of this store, which
   * nobody has open or has written to, and whose changes are all this store's: then only segments
   * that are not there yet are copied. A copy of the directory, a restored backup, and a store of
   * which older files have been put back need a new one. At every moment, also after a failure or a
   * crash, it holds the earlier backup, whole, or the new one. Of a first backup there may be
   * remains, which no opening takes for a store, and which the next backup there replaces.
   *
   * @throws LockedStoreException if a store has the directory open
   * @throws KvStoreException if the directory has anything else in it, or is inside of the store's,
   *     or it can't be written to, or the last sync failed, or 64 tasks wait already
   * @throws CorruptStoreException if a segment that is to be copied is damaged
   * @throws UnsupportedOperationException if the store is in memory, or open for reading only
   */
  BackupReport backup(Path directory);

  /** Is to {@link #backup} what {@link #putAsync} is to {@link #put}. */
  CompletableFuture<BackupReport> backupAsync(Path directory);

  /** Returns the store's counters, as of now. */
  StoreStats stats();

  /**
   * Syncs, and gives the directory back. Calls under way on other threads finish or throw {@link
   * ClosedStoreException}. A second call does nothing.
   *
   * @throws KvStoreException if the last sync failed, or the directory is the store's no more;
   *     everything is closed all the same
   */
  @Override
  void close();
}
