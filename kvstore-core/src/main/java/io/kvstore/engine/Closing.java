package io.kvstore.engine;

import io.kvstore.codec.kryo.SchemaStore;
import io.kvstore.directory.SchemaFile;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.directory.StoreHistory;
import io.kvstore.log.Log;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.ownership.ReaderLock;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a store is closed: the log first, then a checkpoint of the indexes, then the
 * directory.
 *
 * @param checkpointer null unless the store is open for writing in a directory
 * @param directory null unless the store is open for writing in a directory
 * @param reading null unless the store is open read-only
 * @param schemas closed first, so that nobody adds to them once another store has the directory
 * @param history gets the end of the log
 */
record Closing(
    @Nullable Checkpointer checkpointer,
    @Nullable StoreDirectory directory,
    @Nullable ReaderLock reading,
    SchemaStore schemas,
    StoreHistory history) {

  private static final int MAX_ATTEMPTS = 10;

  void run(Log log) throws IOException {
    try {
      if (schemas instanceof SchemaFile file) {
        file.close();
      }
    } finally {
      try {
        closeLog(log);
      } finally {
        closeDirectory();
        if (reading != null) {
          reading.close();
        }
      }
    }
  }

  /** Tries again after an Error: nobody else could open the directory in this process. */
  private void closeDirectory() throws IOException {
    for (int attempt = 1; directory != null; attempt++) {
      try {
        directory.close();
        return;
      } catch (Error e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void closeLog(Log log) {
    try {
      if (directory != null) {
        directory.lookAtEnd(); // if the directory has been lost, closing the log fails
      }
    } finally {
      closeWith(log);
    }
  }

  private void closeWith(Log log) {
    boolean isWhole = false;
    try {
      try {
        if (log.appendedBytes() > 0) {
          // Tries once more if it has failed before: the last marker distinguishes copies.
          history.claimNow();
        }
      } finally {
        log.close();
      }
      if (checkpointer != null) {
        checkpointer.runAtEnd();
      }
      isWhole = true;
    } finally {
      history.close(isWhole);
    }
  }
}
