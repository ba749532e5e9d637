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
 * Describes a store and opens it. Every setting has a default. A setter checks its own value,
 * {@link #open()} what the directory has to say to it. Not for use by several threads at once.
 */
public final class KvStoreBuilder<K, V> {
  /** Stripes of a new store, unless told otherwise: 64. */
  public static final int DEFAULT_STRIPES = 64;

  /** The most stripes a store can have: 4,096. */
  public static final int MAX_STRIPES = 4096;

  /** The longest value, in encoded bytes, unless told otherwise: 64 MiB. */
  public static final int DEFAULT_MAX_VALUE_BYTES = 64 << 20;

  /** The most that {@link #maxValueBytes(int)} takes: 1 GiB. */
  public static final int LARGEST_MAX_VALUE_BYTES = 1 << 30;

  /** The smallest segment cap: 4 KiB, for tests. */
  public static final int MIN_SEGMENT_BYTES = 4 << 10;

  /** The largest segment cap, and the default: 64 MiB. */
  public static final int MAX_SEGMENT_BYTES = 64 << 20;

  /** The least limit of disk space: 1 MiB. */
  public static final long MIN_DISK_BYTES = 1 << 20;

  /** Time between two syncs, unless told otherwise: 5 seconds. */
  public static final Duration DEFAULT_SYNC_INTERVAL = Duration.ofSeconds(5);

  /** The shortest sync interval: 1 millisecond. */
  public static final Duration MIN_SYNC_INTERVAL = Duration.ofMillis(1);

  /** The longest sync interval: 1 day. */
  public static final Duration MAX_SYNC_INTERVAL = Duration.ofDays(1);

  /**
   * How many bytes may wait for the sync under way before further writers wait too: 8 MiB. Each
   * waiting writer adds at most one record to it.
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
   * Keeps the store in a directory, which is created if it is missing and belongs to the store
   * alone: an open store whose directory is renamed, removed, replaced or taken over takes no more
   * writes. Default: none, the store is in memory (on the heap) and gone when it is closed.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> directory(Path directory) {
    this.directory = Objects.requireNonNull(directory, "directory");
    return this;
  }

  /** Says what a power cut may take. Default: {@link Durability#INTERVAL}. */
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
   * up to some 11 million entries. Default: {@link #DEFAULT_STRIPES} for a new store, and for an
   * existing one what it was created with; a different number is refused then.
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
   * Sets the longest value that a put takes, in encoded bytes. Longer ones that are stored already
   * stay readable. Default: {@link #DEFAULT_MAX_VALUE_BYTES}.
   *
   * @throws IllegalArgumentException if it is negative or over {@link #LARGEST_MAX_VALUE_BYTES}
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> maxValueBytes(int maxValueBytes) {
    this.maxValueBytes = checked("maxValueBytes", maxValueBytes, 0, LARGEST_MAX_VALUE_BYTES);
    return this;
  }

  /**
   * Sets the size that segments grow to: they start at 1 MiB, or this if it is less, and grow with
   * the store. Larger ones that are there already stay. A record that is larger gets a segment of
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
   * Keeps the keys in order too, so that {@link KvStore#scan} walks over a range in order and
   * without reading anything else, and {@link KvStore#first} works. It costs heap, each key as an
   * array of its own and some 36 bytes besides (68 bytes in all for a key of 16); time at each put
   * of a new key and each delete, which grows with the logarithm of their number; and an opening
   * that reads every key. Default: keys are not kept in order. May differ from one opening to the
   * next.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> ordered() {
    this.ordered = true;
    return this;
  }

  /**
   * Sets the clock that deadlines of entries are compared with; nothing else asks it. It is asked
   * under locks of the store, so it has to be quick and must not call the store. If it is set back,
   * entries that had expired may be there again. Default: the system's.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /**
   * Limits what the segments of the store take on the disk (or, for a store in memory, on the
   * heap). A put that would pass the limit waits until compaction has made room, and throws {@link
   * StoreFullException} if there is none to be made. Deletes still work then. A part of the limit,
   * about an eighth, is kept free for them and for compaction. A store that has more already is
   * opened, takes deletes, and takes puts once it has become small enough. Default: no limit.
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

  /** Sets who is told how far opening has come. Default: nobody. */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> openProgress(OpenProgress openProgress) {
    this.openProgress = Objects.requireNonNull(openProgress, "openProgress");
    return this;
  }

  /**
   * Sets who is told what the store does, for metrics. It has a thread of the store to itself.
   * Default: nobody, and no such thread.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> listener(StoreListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Opens a store to be read only, which this or another process may have open and write to. Nobody
   * is kept from writing and no file is changed, so the directory need not be writable.
   *
   * <p>What had been acknowledged before {@link #open()} was called is there; of a writer in mode
   * {@link Durability#SYNC} perhaps also writes that it has not acknowledged yet. Later writes
   * never show: whoever wants them opens the store anew. Batches are whole. A torn tail is the end,
   * and is left as it is. Opening reads the whole log, with no help of a checkpoint; of the
   * settings, those for writing have no effect.
   *
   * <p>Every write, {@link KvStore#compact} and {@link KvStore#backup} throw {@link
   * UnsupportedOperationException}; {@link KvStore#sync} has nothing to do. Compaction by the
   * writer goes on; files that it deletes keep their space on the disk until this store is closed
   * and collected. A shared lock on the file {@code readers}, if there is one, keeps the writer
   * from using them for anything else; a process that closes that file by other means gives the
   * lock up, and may find reads refused with a {@link KvStoreException} then. Default: the store is
   * opened for reading and writing.
   */
  @CanIgnoreReturnValue
  public KvStoreBuilder<K, V> readOnly() {
    this.readOnly = true;
    return this;
  }

  /**
   * Opens the store, and creates it if the directory is missing or empty.
   *
   * <p>On return everything that was ever acknowledged is there again (but for what a power cut may
   * have taken, see {@link Durability}). A torn tail, which is what a crash in the middle of a
   * write leaves, is cut off the log and reported as a warning to {@link System.Logger} {@code
   * io.kvstore}.
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
