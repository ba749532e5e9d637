package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.StoreListener;
import io.kvstore.codec.Codecs;
import io.kvstore.index.KeyIndex;
import io.kvstore.platform.Storage;
import io.kvstore.segment.SegmentTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/** Opens stores with the smallest segments on a storage that a test controls. */
public final class StoreDoor {
  private StoreDoor() {}

  public static KvStore<String, String> open(
      Path directory, Durability durability, Storage storage) {
    return open(directory, durability, storage, KvStoreBuilder.MIN_SEGMENT_BYTES);
  }

  public static KvStore<String, String> open(
      Path directory, Durability durability, Storage storage, int maxSegmentBytes) {
    StoreSettings settings = settings(directory, durability, maxSegmentBytes, Duration.ofDays(1));
    return StripedKvStore.open(Codecs.string(), Codecs.string(), settings, storage);
  }

  /** Opens a store of any settings. */
  public static KvStore<String, String> open(StoreSettings settings, Storage storage) {
    return StripedKvStore.open(Codecs.string(), Codecs.string(), settings, storage);
  }

  /** Opens a store that compacts by itself, and tells a listener what happens. */
  public static KvStore<String, String> open(
      Path directory, Durability durability, Storage storage, StoreListener listener) {
    StoreSettings settings =
        new StoreSettings(
            directory,
            durability,
            Duration.ofDays(1),
            4,
            1 << 20,
            KvStoreBuilder.MIN_SEGMENT_BYTES,
            false,
            InstantSource.system(),
            Long.MAX_VALUE,
            true,
            null,
            listener,
            false);
    return StripedKvStore.open(Codecs.string(), Codecs.string(), settings, storage);
  }

  /**
   * @param segments empty; with as many places as there may be segments
   */
  static KvStore<String, String> open(
      Path directory, Durability durability, Storage storage, SegmentTable segments) {
    StoreSettings settings =
        settings(directory, durability, KvStoreBuilder.MIN_SEGMENT_BYTES, Duration.ofDays(1));
    return open(settings, storage, segments, KeyIndex.MAX_SLOTS);
  }

  /**
   * Opens a store that has less room than the format leaves.
   *
   * @param segments empty; with as many places as there may be segments
   * @param maxSlots of the index of a stripe
   */
  static KvStore<String, String> open(
      StoreSettings settings, Storage storage, SegmentTable segments, int maxSlots) {
    StoreOpening opening = new StoreOpening(settings, storage, segments, maxSlots);
    return StripedKvStore.open(Codecs.string(), Codecs.string(), settings, opening);
  }

  /** Opens a store that does nothing by itself, so that {@link #checkpoint} may be called. */
  public static KvStore<String, String> openQuiet(
      Path directory, Durability durability, InstantSource clock, boolean ordered) {
    StoreSettings from =
        settings(directory, durability, KvStoreBuilder.MIN_SEGMENT_BYTES, Duration.ofMillis(5));
    return StripedKvStore.open(
        Codecs.string(),
        Codecs.string(),
        new StoreSettings(
            directory,
            durability,
            from.syncInterval(),
            null,
            from.maxValueBytes(),
            from.maxSegmentBytes(),
            ordered,
            clock,
            Long.MAX_VALUE,
            false,
            null,
            null,
            false));
  }

  /** Writes a checkpoint, as a store does by itself while it runs. */
  public static void checkpoint(KvStore<?, ?> store) {
    Objects.requireNonNull(((StripedKvStore<?, ?>) store).parts().closing().checkpointer()).run();
  }

  static StoreSettings settings(
      Path directory, Durability durability, int maxSegmentBytes, Duration interval) {
    return new StoreSettings(
        directory,
        durability,
        interval,
        4,
        1 << 20,
        maxSegmentBytes,
        false,
        InstantSource.system(),
        Long.MAX_VALUE,
        false,
        null,
        null,
        false);
  }
}
