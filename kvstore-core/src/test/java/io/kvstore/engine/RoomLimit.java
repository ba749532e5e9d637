package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.index.KeyIndex;
import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.FaultyStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** A limit on how much a store can have, made so small that a test soon meets it. */
enum RoomLimit {
  /** Entries of a stripe: seven of ten slots. */
  SLOTS(10_000, 62, 1 << 20, "43 entries"),
  /** Segments of a store, which are merged before there are too many: nothing is refused. */
  SEGMENTS(24, KeyIndex.MAX_SLOTS, KvStoreBuilder.MIN_SEGMENT_BYTES, ""),
  /** Bytes on the disk. */
  DISK(10_000, KeyIndex.MAX_SLOTS, KvStoreBuilder.MAX_SEGMENT_BYTES, "maxDiskBytes = 1048576");

  /** Far more than any of the limits allows, with no segment merged. */
  private static final int MANY = 1_000;

  private final int segments;
  private final int slots;
  private final int segmentBytes;
  private final String named;

  RoomLimit(int segments, int slots, int segmentBytes, String named) {
    this.segments = segments;
    this.slots = slots;
    this.segmentBytes = segmentBytes;
    this.named = named;
  }

  KvStore<String, String> open(Path directory, Durability durability) {
    return open(directory, durability, false, false);
  }

  KvStore<String, String> open(
      Path directory, Durability durability, boolean ordered, boolean readOnly) {
    StoreSettings settings =
        new StoreSettings(
            directory,
            durability,
            Duration.ofMillis(5),
            readOnly ? null : 1,
            KvStoreBuilder.DEFAULT_MAX_VALUE_BYTES,
            segmentBytes,
            ordered,
            InstantSource.system(),
            this == DISK ? KvStoreBuilder.MIN_DISK_BYTES : Long.MAX_VALUE,
            true,
            null,
            null,
            readOnly);
    return StoreDoor.open(
        settings, FaultyStorage.withoutSyncs(), new SegmentTable(segments), slots);
  }

  String value(String text) {
    return text + "-".repeat(this == DISK ? 10_000 : 400);
  }

  /** Tells whether an overwrite needs room as a new key does. */
  boolean isOfBytes() {
    return this == DISK;
  }

  /**
   * Puts new keys until there is no room for one more, or until there are many, and returns how
   * many there was room for.
   */
  int fill(KvStore<String, String> store, Map<String, String> expected, String prefix) {
    for (int i = 0; i < MANY; i++) {
      if (!puts(store, expected, prefix + i)) {
        return i;
      }
    }
    assertThat(this).as("without a limit of what it has").isEqualTo(SEGMENTS);
    return MANY;
  }

  /** Puts a value, and returns whether there was room; if not, the refusal has named the limit. */
  boolean puts(KvStore<String, String> store, Map<String, String> expected, String key) {
    String value = value(key + expected.size());
    Throwable refusal = catchThrowable(() -> store.put(key, value));
    if (this == SEGMENTS || refusal == null) {
      assertThat(refusal).isNull();
      expected.put(key, value);
      return true;
    }
    assertThat(refusal).isInstanceOf(KvStoreException.class).hasMessageContaining(named);
    assertThat(store.get(key)).isEqualTo(expected.get(key));
    return false;
  }
}
