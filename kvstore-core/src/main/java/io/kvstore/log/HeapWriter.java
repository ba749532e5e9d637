package io.kvstore.log;

import io.kvstore.StoreStats;
import io.kvstore.platform.SharedSync;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The writer of a store in memory, into buffers on the heap: there is nothing to sync, and records
 * have no checksums.
 */
public final class HeapWriter implements LogWriter {
  private static final StoreStats.Syncs NONE =
      new StoreStats.Syncs(0, Duration.ZERO, Duration.ZERO);

  @Override
  public void start(Log log, Publisher publisher) {}

  @Override
  public void awaitRoom() {}

  @Override
  public void write(Segment segment, LogRecord record) {
    RecordFormat.write(segment.writable(), segment.end(), record);
  }

  @Override
  public void write(Segment segment, List<LogRecord> batch) {
    int at = segment.end();
    for (LogRecord record : batch) {
      RecordFormat.write(segment.writable(), at, record);
      at += record.size();
    }
  }

  @Override
  public void sealed(Segment segment) {}

  @Override
  public boolean leavesUnsynced() {
    return false;
  }

  @Override
  public int readableEnd(Segment segment) {
    return segment.end();
  }

  @Override
  public boolean publishesLater() {
    return false;
  }

  @Override
  public CompletableFuture<Void> sync() {
    return SharedSync.DONE;
  }

  @Override
  public StoreStats.Syncs syncs() {
    return NONE;
  }

  @Override
  public void close() {}
}
