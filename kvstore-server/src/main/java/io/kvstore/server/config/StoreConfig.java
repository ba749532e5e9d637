package io.kvstore.server.config;

import io.kvstore.Durability;
import io.kvstore.KvStoreBuilder;
import io.kvstore.server.config.Setting.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the store.
 *
 * @param maxDiskBytes the limit of the segment files, or null for none
 * @param ordered whether an ordered index is kept
 */
public record StoreConfig(
    Path dataDir,
    Durability durability,
    Duration syncInterval,
    int maxValueBytes,
    @Nullable Long maxDiskBytes,
    boolean ordered) {

  private static final Setting<Path> DATA_DIR =
      Setting.of("data-dir", "<directory>", SettingType.directory())
          .byDefault("./data")
          .helped("Directory of the store; created if missing.");

  private static final Setting<Durability> DURABILITY =
      Setting.of("durability", "<mode>", SettingType.oneOf(Durability.class))
          .byDefault("interval")
          .helped(
              "What a power failure may lose; a killed process loses nothing in any mode. process:"
                  + " what the system had not written to the disk. interval: at most the last"
                  + " --sync-interval. sync: nothing, a write is answered once it is on the disk.");

  private static final Setting<Duration> SYNC_INTERVAL =
      Setting.of(
              "sync-interval",
              "<time>",
              SettingType.time(
                  KvStoreBuilder.MIN_SYNC_INTERVAL,
                  KvStoreBuilder.MAX_SYNC_INTERVAL,
                  "from 1ms to 1d, such as 500ms, 5s or 1m"))
          .byDefault("5s")
          .helped("Time between two syncs in mode interval, such as 500ms, 5s or 1m.");

  private static final Setting<Integer> MAX_VALUE_BYTES =
      Setting.of(
              "max-value-bytes",
              "<bytes>",
              SettingType.bytes(0, KvStoreBuilder.LARGEST_MAX_VALUE_BYTES))
          .byDefault(Integer.toString(KvStoreBuilder.DEFAULT_MAX_VALUE_BYTES), "64 MiB")
          .helped("Limit of the length of a value.");

  private static final Setting<Long> MAX_DISK_BYTES =
      Setting.of("max-disk-bytes", "<bytes>", SettingType.bytes(KvStoreBuilder.MIN_DISK_BYTES))
          .helped(
              "Limit of the disk space of the data. Writes that would exceed it wait for"
                  + " compaction, and are rejected if that frees too little; deletes still work.");

  private static final Setting<Boolean> ORDERED =
      Setting.of("ordered", "<yes|no>", SettingType.yesOrNo())
          .byDefault("no")
          .helped(
              "Whether keys are also kept in order, on the heap: listings are in that order then,"
                  + " and one of a prefix takes time only for the entries that it returns.");

  static final Section SECTION =
      new Section(
          "The store",
          List.of(DATA_DIR, DURABILITY, SYNC_INTERVAL, MAX_VALUE_BYTES, MAX_DISK_BYTES, ORDERED));

  static StoreConfig of(Values values) {
    return new StoreConfig(
        values.get(DATA_DIR),
        values.get(DURABILITY),
        values.get(SYNC_INTERVAL),
        values.get(MAX_VALUE_BYTES),
        values.find(MAX_DISK_BYTES),
        values.get(ORDERED));
  }
}
