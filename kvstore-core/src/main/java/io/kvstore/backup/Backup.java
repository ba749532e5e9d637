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
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Copies an open store into a directory of its own. The copy is a whole store at every moment: what
 * the last backup has made of it, until the list of its segments is replaced. Of a first backup
 * nothing counts before the manifest is there, which comes last.
 *
 * @param directory of the store
 */
public record Backup(
    Path directory,
    Manifest manifest,
    Storage storage,
    Log log,
    SchemaStore schemas,
    StoreHistory history) {

  /**
   * Brings a directory up to now; to be called on the thread that compacts.
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
      if (!history.requireGoesOnFrom(to, copy.goOn(), copy.sequence())) {
        copy.beThorough();
      }
      manifest.upgrade(to, storage);
      // A copy of what is there now does not fit to what comes.
      storage.delete(to.resolve(IndexCheckpoint.FILE));
    } else {
      manifest.stage(to, storage);
      storage.syncDirectory(to);
      copy.startAnew();
    }
    // Of the moment of the log or later: an earlier backup loses nothing by schemas that it needs
    // not.
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

  /** Returns whether there is a backup; refuses all but one of this store, or the start of one. */
  private boolean requireOurs(Path to) throws IOException {
    if (!Files.exists(to)) {
      return false;
    }
    if (Files.exists(to.resolve(Manifest.FILE))) {
      if (!Manifest.read(to).equals(manifest)) {
        throw new KvStoreException(to + " is another store, and no backup of " + directory);
      }
      return true;
    }
    List<String> foreign;
    try (Stream<Path> files = Files.list(to)) {
      foreign =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !StoreDirectory.isOurs(name))
              .toList();
    }
    if (!foreign.isEmpty() && !manifest.isStaged(to)) {
      throw new KvStoreException(to + " is neither empty nor a backup: it has " + foreign.get(0));
    }
    return false;
  }
}
