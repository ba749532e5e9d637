package io.kvstore.model;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.codec.Codecs;
import io.kvstore.engine.StoreDoor;
import io.kvstore.engine.StoreSettings;
import io.kvstore.platform.Storage;
import io.kvstore.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one opening of a store.
 *
 * @param quiet whether the store has no background work, so that a test can write its checkpoints
 * @param maxDiskBytes {@link Long#MAX_VALUE} for no limit
 */
record ModelOpening(
    Durability durability,
    Duration syncInterval,
    boolean ordered,
    boolean quiet,
    int maxSegmentBytes,
    long maxDiskBytes) {

  /**
   * Chooses one, with a limit of disk space that is given. Segments of a limited store are as large
   * as the limit allows.
   */
  static ModelOpening any(ModelDice dice, long maxDiskBytes, boolean inMemory) {
    return new ModelOpening(
        dice.of(Durability.values()),
        Duration.ofMillis(1 + dice.below(20)),
        dice.even(),
        dice.once(3) && !inMemory,
        maxDiskBytes == Long.MAX_VALUE ? anySegmentBytes(dice) : KvStoreBuilder.MAX_SEGMENT_BYTES,
        maxDiskBytes);
  }

  private static int anySegmentBytes(ModelDice dice) {
    return KvStoreBuilder.MIN_SEGMENT_BYTES + dice.below(2) * dice.below(60_000);
  }

  boolean isLimited() {
    return maxDiskBytes != Long.MAX_VALUE;
  }

  boolean isSync() {
    return durability == Durability.SYNC;
  }

  /**
   * Opens a store.
   *
   * @param directory null for a store in memory
   */
  KvStore<String, String> open(@Nullable Path directory, ManualClock clock, Storage storage) {
    StoreSettings settings =
        new StoreSettings(
            directory,
            durability,
            syncInterval,
            null,
            KvStoreBuilder.DEFAULT_MAX_VALUE_BYTES,
            maxSegmentBytes,
            ordered,
            clock,
            maxDiskBytes,
            !quiet,
            null,
            null,
            false);
    return StoreDoor.open(settings, storage);
  }

  /** Opens a store to be read only. */
  static KvStore<String, String> openForReading(Path directory, ManualClock clock) {
    return KvStore.builder(Codecs.string(), Codecs.string())
        .directory(directory)
        .clock(clock)
        .readOnly()
        .open();
  }
}
