package io.kvstore.engine;

import io.kvstore.log.Log;
import io.kvstore.log.LogPosition;
import io.kvstore.log.Storage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Closes a store: the log first, then a checkpoint of what it says, then the directory. */
final class Closing {
  private static final System.Logger LOGGER = System.getLogger("io.kvstore");

  private final @Nullable StoreDirectory directory;
  private final Storage storage;
  private final Manifest manifest;
  private final @Nullable LogPosition checkpointed;

  /**
   * @param directory null for a store in memory
   * @param checkpointed what the directory's checkpoint stands for, or null if it has none
   */
  Closing(
      @Nullable StoreDirectory directory,
      Storage storage,
      Manifest manifest,
      @Nullable LogPosition checkpointed) {
    this.directory = directory;
    this.storage = storage;
    this.manifest = manifest;
    this.checkpointed = checkpointed;
  }

  void run(Log log, Stripes stripes) throws IOException {
    try {
      log.close();
      if (directory != null) {
        KeyIndex[] settled = stripes.settled();
        checkpoint(directory, log.position(), settled);
      }
    } finally {
      if (directory != null) {
        directory.close();
      }
    }
  }

  /** Writes a checkpoint, if it can: without one, the next opening reads the log. */
  private void checkpoint(StoreDirectory directory, LogPosition position, KeyIndex[] indexes) {
    if (position.equals(checkpointed)) {
      return;
    }
    try {
      new IndexCheckpointWriter(directory.path(), storage)
          .write(manifest.owner(), position, indexes);
    } catch (IOException | OutOfMemoryError e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "can't write " + directory.path().resolve(IndexCheckpoint.FILE),
          e);
    }
  }
}
