package io.kvstore.log;

import io.kvstore.StoreStats;
import io.kvstore.record.LogRecord;
import io.kvstore.segment.Segment;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A log writer: writes appended records to their segments and syncs them. It is the part of the log
 * that differs between the durability modes.
 */
public interface LogWriter {

  /**
   * Starts the background work.
   *
   * @param publisher publishes each change; used by writers that sync a change before it becomes
   *     visible
   */
  void start(Log log, Publisher publisher);

  /** Waits while too many bytes are unsynced; called before a write takes any lock. */
  void awaitRoom();

  /**
   * Writes one record at the end of a segment; called under the lock of the log. If this throws,
   * nothing is considered written.
   */
  void write(Segment segment, LogRecord record);

  /**
   * Writes the records of a batch at the end of a segment: all of them become durable, and are
   * published, together.
   */
  void write(Segment segment, List<LogRecord> batch);

  /** Called after a segment was sealed, under the lock of the log. */
  void sealed(Segment segment);

  /** Returns whether written bytes may still have to be synced at {@link Log#syncPoint()}. */
  boolean leavesUnsynced();

  /** Returns the end of the readable records of a segment; called under the lock of the log. */
  int readableEnd(Segment segment);

  /** Returns whether a change is published only after its sync. */
  boolean publishesLater();

  /** Syncs: the future completes once everything written so far would survive a power cut. */
  CompletableFuture<Void> sync();

  /** Returns the number and duration of the syncs so far. */
  StoreStats.Syncs syncs();

  /**
   * Syncs, appends a sync marker, and ends the background work; the log accepts no further records.
   * Called on a thread of the store.
   */
  void close();
}
