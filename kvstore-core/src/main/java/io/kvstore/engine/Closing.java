package io.kvstore.engine;

import io.kvstore.codec.kryo.SchemaLines;
import io.kvstore.log.Log;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Closes a store: the log first, then a checkpoint of what it says, then the directory.
 *
 * @param checkpointer null for a store in memory
 * @param directory null for a store in memory
 * @param schemas closed first, so that nobody adds to them once another store has the directory
 */
record Closing(
    @Nullable Checkpointer checkpointer, @Nullable StoreDirectory directory, SchemaLines schemas) {

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
      }
    }
  }

  private void closeLog(Log log) {
    try {
      if (directory != null) {
        directory.lookAtEnd(); // the log refuses to close well if it has lost its place
      }
    } finally {
      log.close();
    }
    if (checkpointer != null) {
      checkpointer.runAtEnd();
    }
  }
}
