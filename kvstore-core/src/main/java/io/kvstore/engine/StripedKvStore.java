package io.kvstore.engine;

import io.kvstore.ChangeListener;
import io.kvstore.ClosedStoreException;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.Page;
import io.kvstore.Snapshot;
import io.kvstore.StoreStats;
import io.kvstore.ValueView;
import io.kvstore.Watch;
import io.kvstore.codec.Codec;
import io.kvstore.log.LogStats;
import io.kvstore.log.RecordView;
import io.kvstore.log.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The store that callers hold: runs the codecs, keeps the limits, and owns open and close. */
public final class StripedKvStore<K, V> implements KvStore<K, V> {
  private final Codec<K> keys;
  private final Codec<V> values;
  private final StoreSettings settings;
  private final OpenStore opened;
  private final Stripes stripes;
  private final Duration openDuration;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  private StripedKvStore(
      Codec<K> keys,
      Codec<V> values,
      StoreSettings settings,
      OpenStore opened,
      Duration openDuration) {
    this.keys = keys;
    this.values = values;
    this.settings = settings;
    this.opened = opened;
    this.stripes = opened.stripes();
    this.openDuration = openDuration;
  }

  /** Opens a store; see {@link io.kvstore.KvStoreBuilder#open()}. */
  public static <K, V> KvStore<K, V> open(Codec<K> keys, Codec<V> values, StoreSettings settings) {
    return open(keys, values, settings, Storage.FILES);
  }

  static <K, V> KvStore<K, V> open(
      Codec<K> keys, Codec<V> values, StoreSettings settings, Storage storage) {
    long start = System.nanoTime();
    OpenStore opened = new StoreOpening(settings, storage).open();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new StripedKvStore<>(keys, values, settings, opened, took);
  }

  @Override
  public @Nullable V get(K key) {
    RecordView record = find(key);
    return record == null ? null : value(record);
  }

  @Override
  public @Nullable ValueView view(K key) {
    RecordView record = find(key);
    return record == null ? null : record.valueView();
  }

  @Override
  public boolean containsKey(K key) {
    return find(key) != null;
  }

  private @Nullable RecordView find(K key) {
    Objects.requireNonNull(key, "key");
    requireOpen();
    byte[] bytes = keys.encode(key);
    // No key is longer, and to look for one that is needs no limit of its own.
    return stripes.find(bytes);
  }

  @Override
  public void put(K key, V value) {
    await(startPut(key, value));
  }

  @Override
  public CompletableFuture<Void> putAsync(K key, V value) {
    return callersOwn(startPut(key, value));
  }

  private CompletableFuture<Void> startPut(K key, V value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    requireOpen();
    byte[] keyBytes = encodeKey(key);
    byte[] valueBytes = values.encode(value);
    if (valueBytes.length > settings.maxValueBytes()) {
      throw new IllegalArgumentException(
          "the value has "
              + valueBytes.length
              + " bytes, more than maxValueBytes = "
              + settings.maxValueBytes());
    }
    return stripes.put(keyBytes, valueBytes);
  }

  @Override
  public boolean delete(K key) {
    return await(startDelete(key));
  }

  @Override
  public CompletableFuture<Boolean> deleteAsync(K key) {
    return callersOwn(startDelete(key));
  }

  private CompletableFuture<Boolean> startDelete(K key) {
    Objects.requireNonNull(key, "key");
    requireOpen();
    return stripes.delete(encodeKey(key));
  }

  private byte[] encodeKey(K key) {
    byte[] bytes = keys.encode(key);
    if (bytes.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key has " + bytes.length + " bytes, more than MAX_KEY_BYTES = " + MAX_KEY_BYTES);
    }
    return bytes;
  }

  /**
   * Returns a future that the caller may complete, cancel or time out: the one inside is shared by
   * all whose changes the same sync covers.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // all that it can tell goes to the other one
  private static <T> CompletableFuture<T> callersOwn(CompletableFuture<T> shared) {
    CompletableFuture<T> own = new CompletableFuture<>();
    shared.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            own.complete(result);
          } else {
            Throwable cause = failure.getCause();
            boolean wrapped = failure instanceof CompletionException && cause != null;
            own.completeExceptionally(wrapped ? cause : failure);
          }
        });
    return own;
  }

  /** Waits, and throws what the call would have thrown. An interrupt is kept for later. */
  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof ClosedStoreException closedMeanwhile) {
        throw closedMeanwhile;
      }
      throw new KvStoreException(cause == null ? e.toString() : cause.getMessage(), cause);
    }
  }

  @Override
  public long size() {
    requireOpen();
    return stripes.size();
  }

  @Override
  public Iterator<Entry<K, V>> iterator() {
    requireOpen();
    return entries(stripes.records(), this::requireOpen);
  }

  @Override
  public Snapshot<K, V> snapshot() {
    requireOpen();
    return new StripedSnapshot<>(this, stripes.snapshot());
  }

  @Override
  public Iterable<Entry<K, V>> scan(KeyRange<K> range) {
    ByteRange bytes = ByteRange.of(range, keys);
    requireOpen();
    return () -> entries(scan().records(bytes), this::requireOpen);
  }

  @Override
  public @Nullable Entry<K, V> first(KeyRange<K> range) {
    ByteRange bytes = ByteRange.of(range, keys);
    requireOpen();
    RecordView record = scan().first(bytes);
    return record == null ? null : entry(record);
  }

  private RangeScan scan() {
    return new RangeScan(stripes.ordered(), stripes::find, stripes::records);
  }

  @Override
  public Page<K, V> page(KeyRange<K> range, @Nullable String cursor, int limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("limit is " + limit + ", not positive");
    }
    Paging paging = new Paging(stripes, ByteRange.of(range, keys), limit);
    requireOpen();
    paging.run(cursor);
    return new Page<>(paging.found().stream().map(this::entry).toList(), paging.next());
  }

  ByteRange bytes(KeyRange<K> range) {
    return ByteRange.of(range, keys);
  }

  @Nullable OrderedKeys ordered() {
    return stripes.ordered();
  }

  /** Walks over the entries that records hold, for as long as something is open. */
  Iterator<Entry<K, V>> entries(Iterator<RecordView> records, Runnable requireOpen) {
    requireOpen.run();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        requireOpen.run();
        return records.hasNext();
      }

      @Override
      public Entry<K, V> next() {
        requireOpen.run();
        return entry(records.next());
      }
    };
  }

  OpenStore parts() {
    return opened;
  }

  @Override
  public Watch watch(ChangeListener<K, V> listener) {
    requireOpen();
    return watch(stripes.shownSequence() + 1, listener);
  }

  @Override
  public Watch watch(long from, ChangeListener<K, V> listener) {
    Objects.requireNonNull(listener, "listener");
    if (from < 1) {
      throw new IllegalArgumentException("from is " + from + ", but the first version is 1");
    }
    requireOpen();
    StoreWatch<K, V> watch = new StoreWatch<>(this, from, listener);
    Path path = settings.directory();
    watch.start(path == null ? Path.of("in memory") : path);
    return watch;
  }

  K decodeKey(byte[] key) {
    return keys.decode(key);
  }

  byte[] key(K key) {
    return keys.encode(key);
  }

  V value(RecordView record) {
    return values.decode(record.value());
  }

  Entry<K, V> entry(RecordView record) {
    return new Entry<>(keys.decode(record.key()), value(record), record.sequence());
  }

  @Override
  public void sync() {
    requireOpen();
    await(opened.log().sync());
  }

  @Override
  public StoreStats stats() {
    requireOpen();
    LogStats log = opened.log().stats();
    return new StoreStats(
        stripes.size(),
        log.liveBytes(),
        log.logBytes(),
        log.diskBytes(),
        log.segments(),
        stripes.indexBytes(),
        log.sequence(),
        log.syncedSequence(),
        log.syncs(),
        openDuration,
        opened.cutBytes());
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    closed = true;
    stripes.watches().close();
    Path path = settings.directory();
    if (path != null) {
      StoreOpening.close(opened, path);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new ClosedStoreException("the store is closed");
    }
  }
}
