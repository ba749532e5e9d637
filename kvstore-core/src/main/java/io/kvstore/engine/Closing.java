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
 * Closes a store: the log first, then a checkpoint of what it says, then the directory.
 *
 * @param checkpointer null for a store in memory
 * @param directory null for a store in memory
 * @param reading null for a store that is not read only
 * @param schemas closed first, so that nobody adds to them once another store has the directory
 * @param history told where it ends
 */
record Closing(
    @Nullable Checkpointer checkpointer,
    @Nullable StoreDirectory directory,
    @Nullable ReaderLock reading,
    SchemaStore schemas,
    StoreHistory history) {

  void run(Log log) throws IOException {
    try {
      if (schemas instanceof SchemaFile file) {
        file.close();
      }
    } finally {
      try {
        closeLog(log);
      } finally {
        if (directory != null) {
          directory.close();
        }
        if (reading != null) {
          reading.close();
        }
      }
    }
  }

  private void closeLog(Log log) {
    try {
      if (directory != null) {
        directory.lookAtEnd(); // the log refuses to close well if it has lost its place
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
          history.claimNow(); // if it could not be before: the last mark tells copies apart
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
