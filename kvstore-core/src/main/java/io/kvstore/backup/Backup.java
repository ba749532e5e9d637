package io.kvstore.backup;

import io.kvstore.BackupReport;
import io.kvstore.KvStoreException;
import io.kvstore.codec.kryo.SchemaStore;
import io.kvstore.directory.Manifest;
import io.kvstore.directory.SchemaFile;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.directory.StoreHistory;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.log.Log;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.DirectoryListing;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/**
 * A backup of an open store to another directory. The target is a whole store at all times: it is
 * the result of the last backup until its segment list is replaced. A first backup is not valid
 * before its manifest exists, which is written last.
 *
 * @param directory the directory of the store
 */
public record Backup(
    Path directory,
    Manifest manifest,
    Storage storage,
    Log log,
    SchemaStore schemas,
    StoreHistory history) {

  /**
   * Writes or updates the backup in a directory; called on the maintenance thread.
   *
   * @param requireRunning throws if the store is being closed
   */
  public BackupReport run(Path to, long startNanos, Runnable requireRunning)
      throws IOException, ExecutionException {
    StoreThread.await(log.sync());
    StoreDirectory.requireOutside(to, directory);
    requireOurs(to);
    StoreDirectory held = StoreDirectory.openForBackup(to, storage);
    try {
      Backup guarded = new Backup(directory, manifest, held.guard(storage), log, schemas, history);
      LogCopy.Copied copied = guarded.copy(to, requireOurs(to), requireRunning);
      return new BackupReport(
          copied.sequence(),
          copied.filesCopied(),
          copied.filesKept(),
          copied.bytesCopied(),
          Duration.ofNanos(System.nanoTime() - startNanos));
    } finally {
      held.close();
    }
  }

  private LogCopy.Copied copy(Path to, boolean isThere, Runnable requireRunning)
      throws IOException {
    LogCopy copy = new LogCopy(log, to, storage, requireRunning);
    if (isThere) {
      if (!history.requireGoesOnFrom(to, copy.readEarlierCopy(), copy.sequence())) {
        copy.compareAllBytes();
      }
      manifest.upgrade(to, storage);
      // The current checkpoint of the target does not match the new segments.
      storage.delete(to.resolve(IndexCheckpoint.FILE));
    } else {
      manifest.stage(to, storage);
      storage.syncDirectory(to);
      copy.prepareEmpty();
    }
    // As of the log snapshot or later: additional schemas do no harm to an earlier backup.
    SchemaFile.write(to, schemas.read(), storage);
    history.writeTo(to, copy.tail(), schemas, storage);
    LogCopy.Copied copied = copy.run();
    if (!isThere) {
      AtomicFile.move(to, Manifest.FILE, storage);
      storage.syncDirectory(to);
    }
    copy.deleteOld();
    return copied;
  }

  /**
   * Returns whether there is a backup; rejects anything except a backup of this store, complete or
   * incomplete.
   */
  private boolean requireOurs(Path to) throws IOException {
    if (!Files.exists(to)) {
      return false;
    }
    if (Files.exists(to.resolve(Manifest.FILE))) {
      if (!Manifest.read(to).isSame(manifest)) {
        throw new KvStoreException(to + " is another store, not a backup of " + directory);
      }
      return true;
    }
    String foreign = null;
    for (Path file : DirectoryListing.of(to)) {
      String name = file.getFileName().toString();
      foreign = StoreDirectory.isOurs(name) ? foreign : name;
    }
    if (foreign != null && !manifest.isStaged(to)) {
      throw new KvStoreException(to + " is neither empty nor a backup: it has " + foreign);
    }
    return false;
  }
}
