package io.kvstore.log;

import io.kvstore.StoreStats;
import io.kvstore.record.LogRecord;
import io.kvstore.segment.Segment;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Brings appended records into their segments and, in its own time, onto the disk: the part of the
 * log that differs between durabilities.
 */
public interface LogWriter {

  /**
   * Starts the work that goes on in the background.
   *
   * @param publisher told of each change by writers that sync before a change may be seen
   */
  void start(Log log, Publisher publisher);

  /** Waits while too much is under way; called before a write takes any lock. */
  void awaitRoom();

  /**
   * Writes one record at the end of a segment; called under the lock of the log. If this throws,
   * nothing counts as written.
   */
  void write(Segment segment, LogRecord record);

  /**
   * Writes the records of a batch likewise: all of them become safe, and are published, at once.
   */
  void write(Segment segment, List<LogRecord> batch);

  /** Learns that a segment has been sealed; called under the lock of the log. */
  void sealed(Segment segment);

  /** Returns whether what it writes may wait for a sync at {@link Log#syncPoint()}. */
  boolean leavesUnsynced();

  /** Returns where the records end that can be read; called under the lock of the log. */
  int readableEnd(Segment segment);

  /** Returns whether a change is shown only once it has been synced. */
  boolean publishesLater();

  /** Completes once all that has been written so far would survive a power cut. */
  CompletableFuture<Void> sync();

  /** Returns how many syncs there were so far, and how long they took. */
  StoreStats.Syncs syncs();

  /**
   * Syncs, marks that, and ends the work in the background; the log takes no more records. To be
   * called on a thread of the store.
   */
  void close();
}
