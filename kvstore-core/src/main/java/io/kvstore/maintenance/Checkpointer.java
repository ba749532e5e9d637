package io.kvstore.maintenance;

import io.kvstore.StoreListener;
import io.kvstore.compaction.Compaction;
import io.kvstore.directory.Manifest;
import io.kvstore.index.IndexCheckpoint;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreLogger;
import io.kvstore.platform.StoreThread;
import io.kvstore.recovery.CheckpointPosition;
import io.kvstore.stripe.Stripes;
import io.kvstore.stripe.StripesSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The checkpointer: writes an {@link IndexCheckpoint} periodically, so that an opening after a
 * crash has only a small part of the log to read. For one thread of the store.
 *
 * <p>A checkpoint of a running store has the indexes as of one sequence, through a snapshot, and
 * only their entries in sealed segments: other segments are read in full by the opening. It
 * replaces the last one once the log is synced up to that sequence, so that it never has a change
 * that a power cut takes.
 */
public final class Checkpointer {
  /** A checkpoint is due when the log has grown by this fraction since the last. */
  private static final int CADENCE_SHARE = 12;

  /** The minimum growth for a checkpoint, which is read in some tens of milliseconds. */
  private static final long MIN_CADENCE_BYTES = 64 << 20;

  private final Path directory;
  private final Storage storage;
  private final long owner;
  private final Log log;
  private final Compaction compaction;
  private final Stripes stripes;
  private final EventDispatcher events;
  private @Nullable CheckpointPosition last;
  private final AtomicLong count = new AtomicLong();

  /** The value of {@link #writtenBytes} at the last checkpoint. */
  private long writtenAtLast;

  /**
   * The destination of checkpoints, and their owner.
   *
   * @param owner see {@link Manifest#owner}
   */
  public record Place(Path directory, Storage storage, long owner, EventDispatcher events) {}

  public Checkpointer(Place place, Log log, Compaction compaction, Stripes stripes) {
    this.directory = place.directory();
    this.storage = place.storage();
    this.owner = place.owner();
    this.events = place.events();
    this.log = log;
    this.compaction = compaction;
    this.stripes = stripes;
  }

  /** Sets the checkpoint that the opening has found, and how much of the log it had to read. */
  public void found(@Nullable CheckpointPosition position, long readBytes) {
    last = position;
    writtenAtLast = writtenBytes() - readBytes;
  }

  /**
   * Returns the number of bytes written so far that an opening without a newer checkpoint would
   * have to read.
   */
  private long writtenBytes() {
    return log.appendedBytes() + compaction.stats().compactedBytes();
  }

  boolean isDue() {
    long since = writtenBytes() - writtenAtLast;
    return since > Math.max(MIN_CADENCE_BYTES, log.stats().logBytes() / CADENCE_SHARE);
  }

  /** The state from which a checkpoint is written. */
  private record Moment(CheckpointPosition.Unsynced position, StripesSnapshot snapshot) {}

  /** Returns the number of checkpoints written since the store was opened. */
  public long written() {
    return count.get();
  }

  /**
   * Writes a checkpoint while the store runs; if that fails, the log will be read instead. A store
   * that has failed writes none: the failure may have left an index that does not match the log.
   */
  public void run() {
    long written = writtenBytes();
    Moment moment =
        stripes
            .snapshots()
            .withoutChanges(
                new LongFunction<>() {
                  @Override
                  public @Nullable Moment apply(long sequence) {
                    return momentAt(sequence);
                  }
                });
    if (moment == null) {
      return;
    }
    try {
      write(
          moment.position(),
          new IndexCheckpointWriter.Securing() {
            @Override
            public void run() throws IOException {
              syncLog();
            }
          });
    } finally {
      moment.snapshot().close();
    }
    writtenAtLast = written;
  }

  private @Nullable Moment momentAt(long sequence) {
    return log.failure().get() != null
        ? null
        : new Moment(
            CheckpointPosition.sealedIn(log, sequence), stripes.snapshots().openAt(sequence));
  }

  /** Writes the last checkpoint, of a closed log. */
  public void runAtEnd() {
    CheckpointPosition position =
        stripes
            .snapshots()
            .withoutChanges(
                new LongFunction<>() {
                  @Override
                  public CheckpointPosition apply(long sequence) {
                    return CheckpointPosition.endOf(log);
                  }
                });
    if (last == null || !position.isSame(last)) {
      write(
          new CheckpointPosition.Unsynced(position, null),
          new IndexCheckpointWriter.Securing() {
            @Override
            public void run() {}
          });
    }
  }

  private void write(
      CheckpointPosition.Unsynced position, IndexCheckpointWriter.Securing securing) {
    long start = System.nanoTime();
    try {
      IndexCheckpointWriter writer = new IndexCheckpointWriter(directory, storage);
      last = writer.write(owner, position, stripes, securing);
      count.getAndIncrement();
      publish(start, Files.size(directory.resolve(IndexCheckpoint.FILE)));
    } catch (IOException | OutOfMemoryError e) {
      StoreLogger.get()
          .log(
              System.Logger.Level.WARNING,
              "can't write " + directory.resolve(IndexCheckpoint.FILE),
              e);
    }
  }

  private void publish(long start, long bytes) {
    Duration took = EventDispatcher.since(start);
    if (events.hasListener()) {
      events.publish(
          new Consumer<>() {
            @Override
            public void accept(StoreListener listener) {
              listener.onCheckpoint(took, bytes);
            }
          });
    }
  }

  private void syncLog() throws IOException {
    try {
      StoreThread.await(log.sync());
    } catch (ExecutionException e) {
      throw new IOException("the log can't be synced", e.getCause());
    }
  }
}
