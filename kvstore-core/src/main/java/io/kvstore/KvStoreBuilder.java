package io.kvstore;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.kvstore.codec.Codec;
import io.kvstore.engine.StoreSettings;
import io.kvstore.engine.StripedKvStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A builder that configures and opens a store. Every setting has a default. A setter checks its own
 * value, {@link #open()} checks the settings against each other and the directory. Not thread-safe.
 */
public final class KvStoreBuilder<K, V> {
  /** The default number of stripes of a new store: 64. */
  public static final int DEFAULT_STRIPES = 64;

  /** The maximum number of stripes: 4,096. */
  public static final int MAX_STRIPES = 4096;

  /** The default of {@link #maxValueBytes(int)}, in encoded bytes: 64 MiB. */
  public static final int DEFAULT_MAX_VALUE_BYTES = 64 << 20;

  /** The maximum of {@link #maxValueBytes(int)}: 1 GiB. */
  public static final int LARGEST_MAX_VALUE_BYTES = 1 << 30;

  /** The minimum of {@link #maxSegmentBytes(int)}: 4 KiB, for tests. */
  public static final int MIN_SEGMENT_BYTES = 4 << 10;

  /** The maximum of {@link #maxSegmentBytes(int)}, and its default: 64 MiB. */
  public static final int MAX_SEGMENT_BYTES = 64 << 20;

  /** The minimum of {@link #maxDiskBytes(long)}: 1 MiB. */
  public static final long MIN_DISK_BYTES = 1 << 20;

  /** The default time between two syncs: 5 seconds. */
  public static final Duration DEFAULT_SYNC_INTERVAL = Duration.ofSeconds(5);

  /** The minimum sync interval: 1 millisecond. */
  public static final Duration MIN_SYNC_INTERVAL = Duration.ofMillis(1);

  /** The maximum sync interval: 1 day. */
  public static final Duration MAX_SYNC_INTERVAL = Duration.ofDays(1);

  /**
   * The limit of bytes that wait for the sync under way: 8 MiB. Beyond it further writers wait too.
   * Each waiting writer adds at most one record to it.
   */
  public static final int MAX_UNSYNCED_BYTES = 8 << 20;

  private final Codec<K> keys;
  private final Codec<V> values;
  private @Nullable Path directory;
  private Durability durability = Durability.INTERVAL;
  private Duration syncInterval = DEFAULT_SYNC_INTERVAL;
  private @Nullable Integer stripes;
  private int maxValueBytes = DEFAULT_MAX_VALUE_BYTES;
  private int maxSegmentBytes = MAX_SEGMENT_BYTES;
  private boolean ordered;
  private InstantSource clock = InstantSource.system();
  private long maxDiskBytes = Long.MAX_VALUE;
  private @Nullable OpenProgress openProgress;
  private @Nullable StoreListener listener;
  private boolean readOnly;

  KvStoreBuilder(Codec<K> keys, Codec<V> values) {
    this.keys = Objects.requireNonNull(keys, "keys");
    this.values = Objects.requireNonNull(values, "values");
  }

  /**
   * Sets the directory of the store. It is created if it is missing, and belongs to the store
   * alone: an open store whose directory is renamed, removed, replaced or taken over rejects
   * further writes. Default: none, the store is in memory (on the heap) and its entries are lost
   * when it is closed.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> directory(Path directory) {
    this.directory = Objects.requireNonNull(directory, "directory");
    return this;
  }

  /**
   * Sets the durability mode, which decides what a power cut may take. Default: {@link
   * Durability#INTERVAL}.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> durability(Durability durability) {
    this.durability = Objects.requireNonNull(durability, "durability");
    return this;
  }

  /**
   * Sets the time between two syncs in mode {@link Durability#INTERVAL}; the other modes ignore it.
   * Default: {@link #DEFAULT_SYNC_INTERVAL}.
   *
   * @throws IllegalArgumentException if it is shorter than {@link #MIN_SYNC_INTERVAL} or longer
   *     than {@link #MAX_SYNC_INTERVAL}
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> syncInterval(Duration syncInterval) {
    if (syncInterval.compareTo(MIN_SYNC_INTERVAL) < 0
        || syncInterval.compareTo(MAX_SYNC_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "syncInterval is " + syncInterval + ", not from 1 millisecond to 1 day");
    }
    this.syncInterval = syncInterval;
    return this;
  }

  /**
   * Sets the number of stripes, each a lock and an index of its own, of a new store. A stripe holds
   * up to some 11 million entries. Default: {@link #DEFAULT_STRIPES} for a new store, and the
   * number it was created with for an existing one; a different number is rejected by {@link
   * #open()} then.
   *
   * @throws IllegalArgumentException if it is not a power of two from 1 to {@link #MAX_STRIPES}
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> stripes(int stripes) {
    if (Integer.bitCount(stripes) != 1 || stripes < 1 || stripes > MAX_STRIPES) {
      throw new IllegalArgumentException(
          "stripes is " + stripes + ", not a power of two from 1 to MAX_STRIPES = " + MAX_STRIPES);
    }
    this.stripes = stripes;
    return this;
  }

  /**
   * Sets the maximum length of a value that a put accepts, in encoded bytes. Longer values that are
   * already stored stay readable. Default: {@link #DEFAULT_MAX_VALUE_BYTES}.
   *
   * @throws IllegalArgumentException if it is negative or over {@link #LARGEST_MAX_VALUE_BYTES}
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> maxValueBytes(int maxValueBytes) {
    this.maxValueBytes = checked("maxValueBytes", maxValueBytes, 0, LARGEST_MAX_VALUE_BYTES);
    return this;
  }

  /**
   * Sets the maximum size of a segment. Segments start at 1 MiB, or this if it is less, and grow
   * with the store. Larger segments of an existing store stay. A larger record gets a segment of
   * its own size. Default: {@link #MAX_SEGMENT_BYTES}.
   *
   * @throws IllegalArgumentException if it is less than {@link #MIN_SEGMENT_BYTES} or over {@link
   *     #MAX_SEGMENT_BYTES}
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> maxSegmentBytes(int maxSegmentBytes) {
    this.maxSegmentBytes =
        checked("maxSegmentBytes", maxSegmentBytes, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
    return this;
  }

  /**
   * Adds an ordered index of the keys, so that {@link KvStore#scan} iterates over a range in order
   * and reads nothing else, and {@link KvStore#first} works. The cost: heap, each key as an array
   * of its own and some 36 bytes more (68 bytes in all for a key of 16); time at each put of a new
   * key and each delete, which grows with the logarithm of the number of keys; and an opening that
   * reads every key. Default: keys are not kept in order. May differ from one opening to the next.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> ordered() {
    this.ordered = true;
    return this;
  }

  /**
   * Sets the clock that deadlines of entries are compared with; nothing else uses it. It is read
   * under locks of the store, so it must be fast and must not call the store. If it is set back,
   * entries that had expired may be there again. Default: the system clock.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Sets the limit of the space that the segments of the store take on the disk (or, for a store in
   * memory, on the heap). A put that would exceed the limit waits until compaction has made room,
   * and throws {@link StoreFullException} if compaction cannot make any. Deletes still work then. A
   * part of the limit, about an eighth, is reserved for them and for compaction. A store that
   * already exceeds the limit can be opened, accepts deletes, and accepts puts once it has become
   * small enough. Default: no limit.
   *
   * @throws IllegalArgumentException if it is less than {@link #MIN_DISK_BYTES}
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> maxDiskBytes(long maxDiskBytes) {
    if (maxDiskBytes < MIN_DISK_BYTES) {
      throw new IllegalArgumentException(
          "maxDiskBytes is " + maxDiskBytes + ", less than MIN_DISK_BYTES = " + MIN_DISK_BYTES);
    }
    this.maxDiskBytes = maxDiskBytes;
    return this;
  }

  /** Sets the callback for the progress of opening. Default: none. */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> openProgress(OpenProgress openProgress) {
    this.openProgress = Objects.requireNonNull(openProgress, "openProgress");
    return this;
  }

  /**
   * Sets the listener for the events of the store, for metrics and logs. It is called on a thread
   * of its own, which the store starts. Default: none, and no such thread.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> listener(StoreListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Opens the store read-only; this or another process may have it open and write to it. The writer
   * is not blocked and no file is changed, so the directory need not be writable.
   *
   * <p>All writes acknowledged before {@link #open()} was called are there; if the writer is in
   * mode {@link Durability#SYNC}, perhaps also writes that it has not acknowledged yet. Later
   * writes never become visible: open the store again to see them. Batches are whole. A torn tail
   * is the end of the log, and is left as it is. Opening reads the whole log, without the help of a
   * checkpoint; the settings for writing have no effect.
   *
   * <p>Every write, {@link KvStore#compact} and {@link KvStore#backup} throw {@link
   * UnsupportedOperationException}; {@link KvStore#sync} does nothing. Compaction by the writer
   * goes on; files that it deletes keep their space on the disk until this store is closed and
   * garbage-collected. A shared lock on the file {@code readers}, if there is one, keeps the writer
   * from reusing these files; a process that closes that file by other means releases the lock, and
   * its reads may fail with a {@link KvStoreException} then. Default: the store is opened for
   * reading and writing.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> readOnly() {
    this.readOnly = true;
    return this;
  }

  /**
   * Opens the store, and creates it if the directory is missing or empty.
   *
   * <p>On return everything that was ever acknowledged is there again (except what a power cut may
   * have taken, see {@link Durability}). A torn tail, which a crash in the middle of a write
   * leaves, is cut off the log and logged as a warning to {@link System.Logger} {@code io.kvstore}.
   *
   * @throws IllegalArgumentException if the store is {@link #readOnly()} and in memory
   * @throws LockedStoreException if another store has the directory open
   * @throws CorruptStoreException if a file is damaged where no crash can have damaged it; nothing
   *     is changed
   * @throws KvStoreException if the directory is not a store, was created with a different number
   *     of stripes or by a newer version, or can't be read or written
   */
  public KvStore<K, V> open() {
    if (readOnly && directory == null) {
      throw new IllegalArgumentException("a store that is readOnly needs a directory");
    }
    StoreSettings settings =
        new StoreSettings(
            directory,
            durability,
            syncInterval,
            stripes,
            maxValueBytes,
            maxSegmentBytes,
            ordered,
            clock,
            maxDiskBytes,
            true,
            openProgress,
            listener,
            readOnly);
    return StripedKvStore.open(keys, values, settings);
  }

  private static int checked(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " is " + value + ", not from " + min + " to " + max);
    }
    return value;
  }
}
