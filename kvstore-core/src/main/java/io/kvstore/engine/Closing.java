package io.kvstore.engine;

import io.kvstore.codec.kryo.SchemaStore;
import io.kvstore.directory.SchemaFile;
import io.kvstore.directory.StoreDirectory;
import io.kvstore.directory.StoreHistory;
import io.kvstore.log.Log;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.maintenance.Maintenance;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a store is closed: the background work first, then the log, a checkpoint of
 * the indexes, and the directory.
 *
 * <p>A step that fails does not keep the others from being done, since nobody else could open the
 * directory in this process. A step that an Error ends is repeated: it may need no memory, or less.
 * Not thread-safe, but another thread may go on where an Error has ended a first one.
 */
final class Closing implements Callable<Boolean> {
  /** The schemas come early, so that nobody adds to them once another store has the directory. */
  private static final int SCHEMAS = 1;

  private static final int LOOK = 2;
  private static final int CLAIM = 3;
  private static final int LOG = 4;
  private static final int CHECKPOINT = 5;
  private static final int HISTORY = 6;
  private static final int DIRECTORY = 7;
  private static final int READING = 8;

  /** The maximum number of errors after which a step is repeated. */
  private static final int MAX_ERRORS = 10;

  private final StoreAssembly.Home home;
  private final @Nullable Checkpointer checkpointer;
  private final Log log;
  private final Maintenance maintenance;

  /** The first step that is not done. */
  private int next;

  private int errors;
  private boolean isWhole = true;
  private @Nullable Throwable failure;

  /**
   * @param checkpointer null unless the store is open for writing in a directory
   */
  Closing(
      StoreAssembly.Home home,
      @Nullable Checkpointer checkpointer,
      Log log,
      Maintenance maintenance) {
    this.home = home;
    this.checkpointer = checkpointer;
    this.log = log;
    this.maintenance = maintenance;
  }

  SchemaStore schemas() {
    return home.schemas();
  }

  StoreHistory history() {
    return home.history();
  }

  /** Returns the directory, or null unless the store is open for writing in one. */
  @Nullable StoreDirectory directory() {
    return home.directory();
  }

  /** Returns null unless the store is open for writing in a directory. */
  @Nullable Checkpointer checkpointer() {
    return checkpointer;
  }

  boolean isDone() {
    return next > READING;
  }

  /** Does the steps that are left, all of them, and then throws the first failure. */
  @Override
  public Boolean call() throws IOException {
    while (!isDone()) {
      try {
        run(next);
        next++;
      } catch (Throwable e) {
        errors++;
        if (!(e instanceof Error) || errors > MAX_ERRORS) {
          failed(e);
        }
      }
    }
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure instanceof RuntimeException other) {
      throw other;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return true;
  }

  private void failed(Throwable e) {
    if (failure == null) {
      failure = e;
    }
    if (next >= CLAIM && next <= CHECKPOINT) {
      isWhole = false;
    }
    next++;
  }

  private void run(int step) throws IOException {
    switch (step) {
      case SCHEMAS -> closeSchemas();
      case LOOK -> look();
      case CLAIM -> claim();
      case LOG -> log.close();
      case CHECKPOINT -> writeCheckpoint();
      case HISTORY -> home.history().close(isWhole);
      case DIRECTORY -> closeDirectory();
      case READING -> closeReading();
      default -> maintenance.close();
    }
  }

  private void closeSchemas() {
    if (home.schemas() instanceof SchemaFile file) {
      file.close();
    }
  }

  /** Checks the directory once more: if it has been lost, closing the log fails. */
  private void look() {
    StoreDirectory directory = home.directory();
    if (directory != null) {
      directory.lookAtEnd();
    }
  }

  /** Tries once more if it has failed before: the last marker distinguishes copies. */
  private void claim() {
    if (log.appendedBytes() > 0) {
      home.history().claimNow();
    }
  }

  private void writeCheckpoint() {
    if (checkpointer != null && isWhole) {
      checkpointer.runAtEnd();
    }
  }

  private void closeDirectory() throws IOException {
    StoreDirectory directory = home.directory();
    if (directory != null) {
      directory.close();
    }
  }

  private void closeReading() throws IOException {
    if (home.reading() != null) {
      home.reading().close();
    }
  }
}
