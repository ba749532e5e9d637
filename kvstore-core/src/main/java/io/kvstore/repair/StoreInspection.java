package io.kvstore.repair;

import io.kvstore.CorruptStoreException;
import io.kvstore.Damage;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.OpenProgress;
import io.kvstore.PutOptions;
import io.kvstore.RepairReport;
import io.kvstore.VerifyReport;
import io.kvstore.codec.kryo.Schemas;
import io.kvstore.directory.FoundHistory;
import io.kvstore.directory.Manifest;
import io.kvstore.directory.MonitoredTask;
import io.kvstore.directory.SchemaFile;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.index.IndexRecovery;
import io.kvstore.index.IndexScan;
import io.kvstore.index.KeyIndex;
import io.kvstore.index.Slot;
import io.kvstore.ownership.ReadingHold;
import io.kvstore.platform.Storage;
import io.kvstore.recovery.RecoveryProgress;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The inspection of a store that is not open, damaged or not: reads it into indexes of its own, and
 * changes nothing in it. For one use.
 */
public final class StoreInspection {
  private final Path directory;
  private final @Nullable OpenProgress listener;
  private final RecoveryProgress progress = new RecoveryProgress();
  private final SegmentTable segments = new SegmentTable();
  private final List<Damage> fileDamage = new ArrayList<>();
  private boolean hasManifest;

  /**
   * @param listener told how far it has come, on the calling thread; null for nobody
   */
  public StoreInspection(Path directory, @Nullable OpenProgress listener) {
    this.directory = directory;
    this.listener = listener;
  }

  /** Reads everything and reports; see {@link io.kvstore.StoreVerifier}. */
  public VerifyReport verify() {
    return watched("verify")
        .call(
            () -> {
              ReadingHold held = StoreDirectory.openForReading(directory);
              try {
                Manifest manifest = manifest();
                IndexRecovery recovery = recovery(manifest);
                requireOneHistory(manifest, schemas());
                LogInspection log = read(recovery);
                return log.report(entries(recovery), fileDamage);
              } finally {
                held.close();
              }
            });
  }

  /**
   * Puts all entries into a new store; see {@link io.kvstore.StoreRepair}.
   *
   * @param to the new store's directory
   * @param fresh opens it, with so many stripes; asked once the old store has been read
   */
  public RepairReport repair(Path to, IntFunction<KvStore<byte[], byte[]>> fresh) {
    return watched("repair")
        .call(
            () -> {
              ReadingHold held = StoreDirectory.openForReading(directory);
              try {
                requireEmpty(to);
                Manifest manifest = manifest();
                IndexRecovery recovery = recovery(manifest);
                List<String> schemas = schemas();
                LogInspection log = read(recovery);
                List<Damage> dropped = new ArrayList<>(fileDamage);
                dropped.addAll(log.places());
                progress.goOnTo(log.liveBytes());
                try (KvStore<byte[], byte[]> store = fresh.apply(manifest.stripes())) {
                  SchemaFile.write(to, schemas, Storage.FILES);
                  long bytes = copy(recovery.indexes(), store);
                  return new RepairReport(store.size(), bytes, dropped);
                }
              } finally {
                held.close();
              }
            });
  }

  private MonitoredTask watched(String work) {
    return new MonitoredTask(work, directory, progress, listener);
  }

  private void requireEmpty(Path to) throws IOException {
    if (Files.exists(to)) {
      try (Stream<Path> files = Files.list(to)) {
        if (files.findAny().isPresent()) {
          throw new KvStoreException(to + " is not empty");
        }
      }
    }
    StoreDirectory.requireOutside(to, directory);
  }

  /** Returns the manifest, or, if it is damaged, one that does as well: no record depends on it. */
  private Manifest manifest() throws IOException {
    Path file = directory.resolve(Manifest.FILE);
    try {
      if (Files.exists(file)) {
        Manifest manifest = Manifest.read(directory);
        hasManifest = true;
        return manifest;
      }
      if (!LogInspector.hasSegments(directory)) {
        throw new KvStoreException(
            directory + " is not a store: it has neither a manifest nor segments");
      }
      fileDamage.add(new Damage(file, 0, 0, 0, 0, "the manifest is missing"));
    } catch (CorruptStoreException e) {
      String what = "the manifest is not what was written";
      fileDamage.add(new Damage(file, 0, Files.size(file), 0, 0, what));
    }
    return Manifest.create(KvStoreBuilder.DEFAULT_STRIPES);
  }

  /**
   * Returns the schemas, or, if their file is damaged, those that are whole, and one that keeps the
   * ids of the others from being used again.
   */
  private List<String> schemas() throws IOException {
    try {
      return SchemaFile.openForReading(directory).read();
    } catch (CorruptStoreException e) {
      Path file = directory.resolve(SchemaFile.FILE);
      String what = "the schemas are not what was written";
      fileDamage.add(new Damage(file, 0, Files.size(file), 0, 0, what));
      return Schemas.salvaged(SchemaFile.salvage(directory));
    }
  }

  private void requireOneHistory(Manifest manifest, List<String> schemas) throws IOException {
    try {
      if (hasManifest) {
        FoundHistory.read(directory, manifest.owner()).requireOthers(schemas);
      }
    } catch (CorruptStoreException e) {
      String what = "the history says that this file is of another store, or of another time";
      fileDamage.add(new Damage(e.file(), e.offset(), 0, 0, 0, what));
    }
  }

  /** The checkpoint is asked for its position only: it says what had been synced. */
  private IndexRecovery recovery(Manifest manifest) throws IOException {
    IndexCheckpoint checkpoint =
        hasManifest ? IndexCheckpoint.read(directory, manifest.owner(), manifest.stripes()) : null;
    return new IndexRecovery(segments, manifest.keyHash(), manifest.stripes(), checkpoint);
  }

  private LogInspection read(IndexRecovery recovery) throws IOException {
    return LogInspector.inspect(directory, segments, recovery, progress);
  }

  private static long entries(IndexRecovery recovery) {
    long entries = 0;
    for (KeyIndex index : recovery.indexes()) {
      entries += index.entries();
    }
    return entries;
  }

  private long copy(KeyIndex[] indexes, KvStore<byte[], byte[]> to) {
    long bytes = 0;
    for (KeyIndex index : indexes) {
      int step = index.tagsPerScan();
      for (int tag = 0; tag < Slot.TAGS; tag += step) {
        for (RecordView entry : IndexScan.records(index, tag, Math.min(Slot.TAGS, tag + step))) {
          entry.check();
          bytes += copy(entry, to);
        }
      }
    }
    return bytes;
  }

  /** Copies one entry with all that it has, unless it has expired. */
  private long copy(RecordView entry, KvStore<byte[], byte[]> to) {
    byte[] key = entry.key();
    byte[] value = entry.value();
    PutOptions options = entry.options();
    if (options.equals(PutOptions.NONE)) {
      to.put(key, value);
    } else if (entry.deadline() > System.currentTimeMillis()) {
      to.write(to.batch().put(key, value, options));
    }
    progress.advance((long) key.length + value.length);
    return (long) key.length + value.length;
  }
}
