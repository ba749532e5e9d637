package io.kvstore.engine;

import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.directory.FoundHistory;
import io.kvstore.directory.Manifest;
import io.kvstore.directory.SchemaFile;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.directory.StoreHistory;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.index.IndexRecovery;
import io.kvstore.log.LogSettings;
import io.kvstore.log.WriterTags;
import io.kvstore.ownership.ReaderLock;
import io.kvstore.platform.Storage;
import io.kvstore.recovery.LogOpening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens the files of a directory, for writing or read-only, in the order that keeps them
 * consistent. To be called on a thread of the store.
 */
final class DirectoryOpening {
  private final StoreOpening.Parts parts;
  private final StoreSettings settings;
  private final Path path;

  DirectoryOpening(StoreOpening.Parts parts, Path path) {
    this.parts = parts;
    this.settings = parts.settings();
    this.path = path;
  }

  OpenStore open() throws IOException {
    Futures.prepare();
    return settings.readOnly() ? openForReading() : openForWriting();
  }

  // ---- for writing

  private OpenStore openForWriting() throws IOException {
    StoreDirectory directory = StoreDirectory.open(path, parts.storage());
    try {
      return openIn(directory);
    } catch (Throwable e) {
      directory.close();
      throw e;
    }
  }

  private OpenStore openIn(StoreDirectory directory) throws IOException {
    Storage files = directory.guard(parts.storage());
    Manifest manifest = directory.manifest(settings.stripesOfNewStore(), files);
    requireStripes(manifest);
    SchemaFile schemas = SchemaFile.open(path, files);
    long owner = manifest.owner();
    FoundHistory found = FoundHistory.read(path, owner);
    found.requireSchemas(schemas.read());
    StoreHistory history = StoreHistory.of(found);
    IndexCheckpoint checkpoint = IndexCheckpoint.read(path, owner, manifest.stripes());
    IndexRecovery recovery = parts.recovery(manifest, checkpoint);
    LogOpening.Opened log =
        LogOpening.open(logSettings(files, history), parts.segments(), recovery, parts.progress());
    try {
      if (checkpoint != null && recovery.restoredPosition() == null) {
        // It belongs to other files; no later opening may take it for one of this log.
        IndexCheckpoint.delete(path, files);
      }
      // The steps before this one read old formats as well.
      manifest.upgrade(path, files);
      directory.watch(log);
      history.begin(log, schemas, files);
      StoreAssembly.Home home = new StoreAssembly.Home(directory, null, schemas, history);
      return new StoreAssembly(parts, manifest, home).start(log, recovery);
    } catch (Throwable e) {
      StoreAssembly.closeAfter(e, log.log());
      throw e;
    }
  }

  private LogSettings logSettings(Storage files, WriterTags tags) {
    return new LogSettings(
        path,
        files,
        settings.durability(),
        settings.syncInterval(),
        settings.maxSegmentBytes(),
        KvStoreBuilder.MAX_UNSYNCED_BYTES,
        settings.maxDiskBytes(),
        parts.events(),
        tags);
  }

  // ---- read-only

  /** Opens the store beside its writer, if there is one: blocks nobody, and changes nothing. */
  private OpenStore openForReading() throws IOException {
    if (!Files.exists(path.resolve(Manifest.FILE))) {
      throw new KvStoreException(path + " is not a store: it has no manifest");
    }
    for (; ; ) {
      ReaderLock reading = ReaderLock.on(path);
      try {
        OpenStore opened = openForReading(reading);
        if (reading.isEffective()) {
          return opened;
        }
        opened.closeOnThread(path);
      } catch (Throwable e) {
        boolean isOver = reading.isEffective();
        reading.close();
        if (isOver) {
          throw e;
        }
      }
    }
  }

  private OpenStore openForReading(ReaderLock reading) throws IOException {
    Manifest manifest = Manifest.read(path);
    requireStripes(manifest);
    // Before the schemas: they are never behind it.
    FoundHistory found = FoundHistory.read(path, manifest.owner());
    SchemaFile schemas = SchemaFile.openForReading(path);
    found.requireOthers(schemas.read());
    IndexRecovery recovery = parts.recovery(manifest, null);
    LogOpening.Opened log =
        LogOpening.openForReading(path, parts.segments(), recovery, parts.progress());
    StoreAssembly.Home home =
        new StoreAssembly.Home(null, reading, schemas, StoreHistory.of(found));
    return new StoreAssembly(parts, manifest, home).start(log, recovery);
  }

  private void requireStripes(Manifest manifest) {
    Integer stripes = settings.stripes();
    if (stripes != null && stripes != manifest.stripes()) {
      throw new KvStoreException(
          path + " was created with " + manifest.stripes() + " stripes, not with " + stripes);
    }
  }
}
