package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreStats;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreWorker;
import io.kvstore.platform.WriteFailure;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordWriter;
import io.kvstore.segment.Segment;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes into the mapped segments, whose pages belong to the operating system, and syncs them on a
 * thread of its own: when asked to, when a segment has been sealed, and, if there is an interval,
 * every time that it has passed.
 */
public final class MappedWriter implements LogWriter {
  /** Stands for an interval that never passes: a mode without one. */
  static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Path directory;
  private final Storage storage;
  private final long intervalNanos;
  private final RecordWriter records = new RecordWriter();
  private final SyncStats syncs;
  private final Object lock = new Object();
  private @Nullable StoreWorker worker;
  private @Nullable WriteFailure failure;

  /** Completes with the next sync that starts; null if nobody waits for one. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<Void> requested;

  @GuardedBy("lock")
  private boolean sealed;

  /** The one that the sync under way, or the last one, completes. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<Void> answering;

  @GuardedBy("lock")
  private boolean closed;

  /** Whether the thread takes no more requests. */
  @GuardedBy("lock")
  private boolean ended;

  /** Whether the system is asked to sync: a failure of that is final. Of the thread alone. */
  private boolean isInSystem;

  public MappedWriter(LogSettings settings) {
    this.directory = settings.directory();
    this.storage = settings.storage();
    this.intervalNanos = settings.interval().toNanos();
    this.syncs = new SyncStats(settings.events());
  }

  @Override
  public void start(Log log, Publisher publisher) {
    StoreWorker syncing =
        new StoreWorker("sync", directory, () -> syncOnce(log), log.failure())
            .atEnd(() -> end(log));
    worker = syncing;
    failure = log.failure();
    syncing.start();
  }

  @Override
  public void awaitRoom() {}

  @Override
  public void write(Segment segment, LogRecord record) {
    records.write(segment.writable(), segment.end(), record, segment.secret());
  }

  @Override
  public void write(Segment segment, List<LogRecord> batch) {
    int at = segment.end();
    for (LogRecord record : batch) {
      records.write(segment.writable(), at, record, segment.secret());
      at += record.size();
    }
  }

  @Override
  public void sealed(Segment segment) {
    synchronized (lock) {
      sealed = true;
      lock.notifyAll();
    }
  }

  @Override
  public boolean leavesUnsynced() {
    return true;
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
    synchronized (lock) {
      if (closed || ended) {
        KvStoreException failed = failure == null ? null : failure.get();
        return CompletableFuture.failedFuture(
            failed == null ? new ClosedStoreException("the store is closed") : failed);
      }
      CompletableFuture<Void> next = requested;
      if (next == null) {
        next = new CompletableFuture<>();
        lock.notifyAll(); // first: a request that is known is always met
        requested = next;
      }
      return next;
    }
  }

  @Override
  public StoreStats.Syncs syncs() {
    return syncs.stats();
  }

  /** Syncs once, when it is time to; returns false at the end. */
  private boolean syncOnce(Log log) {
    CompletableFuture<Void> none = new CompletableFuture<>(); // first: it may fail
    CompletableFuture<Void> answer;
    boolean last;
    synchronized (lock) {
      awaitWork();
      answer = requested == null ? none : requested;
      requested = null;
      answering = answer;
      sealed = false;
      last = closed;
    }
    try {
      syncPatiently(log);
      if (last) {
        syncPatiently(log); // the mark that tells of the sync before
      }
      answer.complete(null);
    } catch (Throwable e) {
      StoreWorker.fail(answer, log.failure().note("can't sync ", directory, e));
    }
    return !last;
  }

  /** Tells who waits, or would, that the thread has ended. */
  private void end(Log log) {
    CompletableFuture<Void> waiting;
    CompletableFuture<Void> answered;
    synchronized (lock) {
      ended = true;
      waiting = requested;
      answered = answering;
    }
    KvStoreException failed = log.failure().get();
    Throwable why = failed == null ? new ClosedStoreException("the store is closed") : failed;
    if (waiting != null) {
      StoreWorker.fail(waiting, why);
    }
    if (answered != null) {
      StoreWorker.fail(answered, why);
    }
  }

  @GuardedBy("lock")
  private void awaitWork() {
    long end = System.nanoTime() + intervalNanos;
    long left = intervalNanos;
    while (requested == null && !sealed && !closed && left > 0) {
      StoreWorker.await(lock, left);
      left = end - System.nanoTime();
    }
  }

  /** Syncs, and goes on when memory is wanting for anything but the system's own part of it. */
  private void syncPatiently(Log log) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        sync(log);
        return;
      } catch (OutOfMemoryError e) {
        if (isInSystem) {
          throw e;
        }
        StoreWorker.pause(attempt, e);
      }
    }
  }

  private void sync(Log log) throws IOException {
    KvStoreException failure = log.failure().get();
    if (failure != null) {
      throw failure; // no sync is retried: what the failed one left out may be gone
    }
    storage.requireOwned();
    long start = System.nanoTime();
    SyncPoint point = log.syncPoint();
    for (SyncPoint.Part part : point.parts()) {
      MappedByteBuffer mapped = part.segment().mapped();
      if (mapped != null) {
        isInSystem = true;
        storage.sync(mapped, part.from(), part.to() - part.from());
        isInSystem = false;
      }
    }
    if (!point.parts().isEmpty()) {
      long before = log.syncedSequence();
      log.synced(point);
      syncs.add(start, point.bytes(), point.sequence() - before);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    StoreWorker running = worker;
    if (running != null) {
      running.join();
    }
  }
}
