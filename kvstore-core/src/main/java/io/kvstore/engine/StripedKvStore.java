package io.kvstore.engine;

import static io.kvstore.engine.Futures.await;
import static io.kvstore.engine.Futures.copyForCaller;

import io.kvstore.BackupReport;
import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.ChangeListener;
import io.kvstore.ClosedStoreException;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.Page;
import io.kvstore.Snapshot;
import io.kvstore.StoreStats;
import io.kvstore.ValueView;
import io.kvstore.Watch;
import io.kvstore.codec.Codec;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.Storage;
import io.kvstore.segment.RecordReads;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentReused;
import io.kvstore.segment.StoredRecord;
import io.kvstore.stripe.BatchWrite;
import io.kvstore.stripe.Condition;
import io.kvstore.stripe.Decided;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.Stripes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The store that callers hold. Encodes and decodes by {@link CodecPair}, leaves the work to the
 * parts of an {@link OpenStore}, and rejects calls once it is closed.
 *
 * <p>Each method of {@link KvStore} is one of a few lines here, so the class is as long as the
 * interface is wide.
 */
public final class StripedKvStore<K, V> implements KvStore<K, V> {
  private final CodecPair<K, V> codecs;
  private final StoreSettings settings;
  private final OpenStore opened;
  private final Stripes stripes;
  private final Expiry expiry;
  private final ConditionalWrites<K, V> conditional;
  private final Scans<K, V> scans;
  private final Duration openDuration;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean closed;

  private StripedKvStore(
      CodecPair<K, V> codecs, StoreSettings settings, OpenStore opened, Duration openDuration) {
    this.codecs = codecs;
    this.settings = settings;
    this.opened = opened;
    this.stripes = opened.stripes();
    this.expiry = opened.expiry();
    this.conditional = new ConditionalWrites<>(codecs, stripes, expiry);
    RangeScan records = new RangeScan(stripes.ordered(), stripes);
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
    this.openDuration = openDuration;
    stripes.requireOpenBy(
        new Runnable() {
          @Override
          public void run() {
            requireOpenToRead();
          }
        });
  }

  /**
   * Throws if a lookup must not be repeated after compaction has reused a segment: the store is
   * closed, or it is read-only, where the index does not change.
   */
  private void requireOpenToRead() {
    requireOpen();
    if (settings.readOnly()) {
      throw new SegmentReused();
    }
  }

  /** Opens a store; see {@link io.kvstore.KvStoreBuilder#open()}. */
  public static <K, V> KvStore<K, V> open(Codec<K> keys, Codec<V> values, StoreSettings settings) {
    return open(keys, values, settings, Storage.FILES);
  }

  static <K, V> KvStore<K, V> open(
      Codec<K> keys, Codec<V> values, StoreSettings settings, Storage storage) {
    return open(keys, values, settings, new StoreOpening(settings, storage));
  }

  static <K, V> KvStore<K, V> open(
      Codec<K> keys, Codec<V> values, StoreSettings settings, StoreOpening opening) {
    long start = System.nanoTime();
    OpenStore opened = opening.open();
    try {
      CodecPair<K, V> codecs = CodecPair.of(keys, values, opened, settings.maxValueBytes());
      Duration took = EventDispatcher.since(start);
      KvStore<K, V> store = new StripedKvStore<>(codecs, settings, opened, took);
      opened.startEvents(settings.name(), took);
      return store;
    } catch (Throwable e) {
      opened.abandon(settings.name(), e);
      throw e;
    }
  }

  // ---- reads

  @Override
  public @Nullable V get(K key) {
    requireOpen();
    byte[] value = stripes.value(codecs.lookupKey(key));
    stripes.counters().read(value);
    return value == null ? null : codecs.decodedValue(value);
  }

  @Override
  public @Nullable ValueView view(K key) {
    return read(key, RecordReads.VALUE_VIEW);
  }

  @Override
  public @Nullable Entry<K, V> entry(K key) {
    StoredRecord record = read(key, RecordReads.COPY);
    return record == null ? null : codecs.entry(key, record);
  }

  @Override
  public Map<K, V> getAll(Collection<? extends K> keys) {
    requireOpen();
    Map<K, V> found = new LinkedHashMap<>();
    for (K key : keys) {
      V value = get(key);
      if (value != null) {
        found.put(key, value);
      }
    }
    return found;
  }

  @Override
  public boolean containsKey(K key) {
    return read(key, RecordReads.PRESENCE) != null;
  }

  @Override
  public @Nullable Duration remaining(K key) {
    Long deadline = read(key, RecordReads.DEADLINE);
    if (deadline == null || deadline == Long.MAX_VALUE) {
      return null;
    }
    long millis = deadline - expiry.nowMillis();
    return millis > 0 ? Duration.ofMillis(millis) : null;
  }

  private <T> @Nullable T read(K key, Function<RecordView, T> function) {
    requireOpen();
    T found = stripes.read(codecs.lookupKey(key), function);
    stripes.counters().read(found);
    return found;
  }

  // ---- writes

  @Override
  public void put(K key, V value) {
    await(startPut(key, value));
  }

  @Override
  public CompletableFuture<Void> putAsync(K key, V value) {
    return copyForCaller(startPut(key, value));
  }

  private CompletableFuture<Void> startPut(K key, V value) {
    requireWritable();
    return stripes.put(codecs.key(key), codecs.value(value));
  }

  @Override
  public void put(K key, V value, Duration ttl) {
    await(startPut(key, value, ttl));
  }

  @Override
  public CompletableFuture<Void> putAsync(K key, V value, Duration ttl) {
    return copyForCaller(startPut(key, value, ttl));
  }

  private CompletableFuture<Void> startPut(K key, V value, Duration ttl) {
    requireWritable();
    byte[] keyBytes = codecs.key(key);
    byte[] valueBytes = codecs.value(value);
    return stripes.put(keyBytes, valueBytes, expiry.deadline(ttl));
  }

  @Override
  public boolean delete(K key) {
    return await(startDelete(key)).isWritten();
  }

  @Override
  public CompletableFuture<Boolean> deleteAsync(K key) {
    Decided decided = startDelete(key);
    return copyForCaller(decided.done(), decided.isWritten());
  }

  private Decided startDelete(K key) {
    requireWritable();
    return stripes.delete(codecs.key(key));
  }

  // ---- conditional writes

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    requireWritable();
    return conditional.putIfAbsent(key, value);
  }

  @Override
  public boolean replace(K key, V expected, V value) {
    requireWritable();
    return conditional.replace(key, expected, value);
  }

  @Override
  public boolean replaceVersion(K key, long version, V value) {
    requireWritable();
    return conditional.put(key, value, Condition.version(version)).isWritten();
  }

  @Override
  public boolean delete(K key, V expected) {
    requireWritable();
    return conditional.delete(key, expected);
  }

  @Override
  public boolean deleteVersion(K key, long version) {
    requireWritable();
    return conditional.delete(key, Condition.version(version)).isWritten();
  }

  @Override
  public @Nullable V getAndPut(K key, V value) {
    requireWritable();
    return codecs.decoded(conditional.put(key, value, Condition.READABLE).before());
  }

  @Override
  public @Nullable V getAndDelete(K key) {
    requireWritable();
    return codecs.decoded(conditional.delete(key, Condition.READABLE_PRESENT).before());
  }

  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    requireWritable();
    return conditional.compute(key, function);
  }

  @Override
  public long increment(K key, long delta) {
    requireWritable();
    return conditional.increment(key, delta);
  }

  @Override
  public boolean touch(K key, Duration ttl) {
    requireWritable();
    return conditional.touch(key, ttl);
  }

  @Override
  public boolean persist(K key) {
    requireWritable();
    return conditional.persist(key);
  }

  // ---- batches

  @Override
  public BatchResult write(Batch<K, V> batch) {
    BatchWrite.Written written = startWrite(batch);
    await(written.done());
    return written.result();
  }

  @Override
  public CompletableFuture<BatchResult> writeAsync(Batch<K, V> batch) {
    BatchWrite.Written written = startWrite(batch);
    return copyForCaller(written.done(), written.result());
  }

  private BatchWrite.Written startWrite(Batch<K, V> batch) {
    requireWritable();
    return stripes.write(codecs.batch(batch, stripes, expiry));
  }

  // ---- the whole store

  @Override
  public long size() {
    requireOpen();
    return stripes.size();
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

  @Override
  public Page<K, V> page(KeyRange<K> range, @Nullable String cursor, int limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("limit is " + limit + ", not positive");
    }
    Paging paging = new Paging(stripes, codecs.range(range), limit);
    requireOpen();
    paging.run(cursor);
    List<Entry<K, V>> entries = new ArrayList<>();
    for (StoredRecord record : paging.found()) {
      entries.add(codecs.entry(record));
    }
    return new Page<>(Collections.unmodifiableList(entries), paging.next());
  }

  @Override
  public Snapshot<K, V> snapshot() {
    requireOpen();
    return new StripedSnapshot<>(
        codecs,
        stripes,
        new Runnable() {
          @Override
          public void run() {
            requireOpen();
          }
        });
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
    StoreWatch<K, V> watch =
        new StoreWatch<>(codecs, stripes, opened.log().changesFrom(from), listener);
    watch.start(settings.name());
    return watch;
  }

  public OpenStore parts() {
    return opened;
  }

  @Override
  public long historyId(long version) {
    return opened.historyId(version);
  }

  @Override
  public void sync() {
    requireOpen();
    await(opened.sync());
  }

  @Override
  public CompletableFuture<Void> syncAsync() {
    requireOpen();
    return copyForCaller(opened.sync());
  }

  @Override
  public void compact() {
    requireWritable();
    await(opened.maintenance().compact());
  }

  @Override
  public BackupReport backup(Path directory) {
    return Futures.awaitFailing(startBackup(directory));
  }

  @Override
  public CompletableFuture<BackupReport> backupAsync(Path directory) {
    return copyForCaller(startBackup(directory));
  }

  private CompletableFuture<BackupReport> startBackup(Path directory) {
    Objects.requireNonNull(directory, "directory");
    requireWritable();
    return opened.backup(directory);
  }

  @Override
  public StoreStats stats() {
    requireOpen();
    return opened.stats(openDuration);
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    closed = true;
    try {
      opened.closeAll(settings.name());
    } catch (Error e) {
      closing.set(false); // another call may have more memory, or stack, and close the rest
      throw e;
    }
  }

  private void requireWritable() {
    requireOpen();
    if (settings.readOnly()) {
      throw new UnsupportedOperationException(
          settings.name() + " is open for reading only: it is not written, compacted or backed up");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new ClosedStoreException("the store is closed");
    }
  }
}
