package io.kvstore.engine;

import io.kvstore.log.Log;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Closes a store: the log first, then a checkpoint of what it says, then the directory.
 *
 * @param checkpointer null for a store in memory
 * @param directory null for a store in memory
 */
record Closing(@Nullable Checkpointer checkpointer, @Nullable StoreDirectory directory) {

  void run(Log log) throws IOException {
    try {
      log.close();
      if (checkpointer != null) {
        checkpointer.runAtEnd();
      }
    } finally {
      if (directory != null) {
        directory.close();
      }
    }
  }
}
