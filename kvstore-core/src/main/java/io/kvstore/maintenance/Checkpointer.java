package io.kvstore.maintenance;

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
import org.jspecify.annotations.Nullable;

/**
 * Writes an {@link IndexCheckpoint} now and then, so that an opening after a crash has little of
 * the log to read. For one thread of the store.
 *
 * <p>A running checkpoint is the indexes as of one sequence, through a snapshot, and only what they
 * say of segments that are sealed: others are read in full by the opening. It takes its place once
 * the log is synced up to that sequence, so that it never knows of a change that a power cut takes.
 */
public final class Checkpointer {
  /** A checkpoint is due when the log has grown by one part in this many since the last. */
  private static final int CADENCE_SHARE = 12;

  /** It is never due for less than this, which is read in some tens of milliseconds. */
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

  /** What {@link #writtenBytes} was when the last one was made. */
  private long writtenAtLast;

  /**
   * Where checkpoints go, and whose they are.
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

  /**
   * Learns of the checkpoint that the opening has found, and how much of the log it had to read.
   */
  public void found(@Nullable CheckpointPosition position, long readBytes) {
    last = position;
    writtenAtLast = writtenBytes() - readBytes;
  }

  /** Returns all that an opening without a checkpoint newer than now would read some day. */
  private long writtenBytes() {
    return log.appendedBytes() + compaction.stats().compactedBytes();
  }

  boolean isDue() {
    long since = writtenBytes() - writtenAtLast;
    return since > Math.max(MIN_CADENCE_BYTES, log.stats().logBytes() / CADENCE_SHARE);
  }

  /** What a checkpoint is made from. */
  private record Moment(CheckpointPosition.Unsynced position, StripesSnapshot snapshot) {}

  /** Returns how many have been written since the store was opened. */
  public long written() {
    return count.get();
  }

  /**
   * Writes one while the store runs; where it can't be written, the log will be read instead. None
   * of a store that has failed: what it has failed in may have left an index that does not fit the
   * log.
   */
  public void run() {
    long written = writtenBytes();
    Moment moment = stripes.snapshots().withoutChanges(this::momentAt);
    if (moment == null) {
      return;
    }
    try {
      write(moment.position(), this::syncLog);
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

  /** Writes the last one, of a log that is closed. */
  public void runAtEnd() {
    CheckpointPosition position =
        stripes.snapshots().withoutChanges(sequence -> CheckpointPosition.endOf(log));
    if (!position.equals(last)) {
      write(new CheckpointPosition.Unsynced(position, null), () -> {});
    }
  }

  private void write(
      CheckpointPosition.Unsynced position, IndexCheckpointWriter.Securing securing) {
    long start = System.nanoTime();
    try {
      IndexCheckpointWriter writer = new IndexCheckpointWriter(directory, storage);
      last = writer.write(owner, position, stripes, securing);
      count.getAndIncrement();
      tell(start, Files.size(directory.resolve(IndexCheckpoint.FILE)));
    } catch (IOException | OutOfMemoryError e) {
      StoreLogger.get()
          .log(
              System.Logger.Level.WARNING,
              "can't write " + directory.resolve(IndexCheckpoint.FILE),
              e);
    }
  }

  private void tell(long start, long bytes) {
    Duration took = EventDispatcher.since(start);
    if (events.haveListener()) {
      events.tell(listener -> listener.onCheckpoint(took, bytes));
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
