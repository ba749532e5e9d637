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
 * The writer for the modes without group commit: writes into mapped segments, whose pages are in
 * the page cache of the operating system, and syncs them on a thread of its own: on request, after
 * a segment was sealed, and, if there is an interval, periodically.
 */
public final class MappedWriter implements LogWriter {
  /** The interval of a mode without periodic syncs. */
  static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Path directory;
  private final Storage storage;
  private final long intervalNanos;
  private final RecordWriter records = new RecordWriter();
  private final SyncStats syncs;
  private final Object lock = new Object();
  private @Nullable StoreWorker worker;
  private @Nullable WriteFailure failure;

  /** The future of the next sync to start; null if none is requested. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<Void> requested;

  @GuardedBy("lock")
  private boolean sealed;

  /** The future that the sync in progress, or the last one, completes. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<Void> answering;

  @GuardedBy("lock")
  private boolean closed;

  /** Whether the thread accepts no further requests. */
  @GuardedBy("lock")
  private boolean ended;

  /**
   * Whether a system call to sync is in progress, whose failure is final. Used only by the thread.
   */
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
        new StoreWorker(
                "sync",
                directory,
                new StoreWorker.Step() {
                  @Override
                  public boolean run() {
                    return syncOnce(log);
                  }
                },
                log.failure())
            .atEnd(
                new Runnable() {
                  @Override
                  public void run() {
                    end(log);
                  }
                });
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
        lock.notifyAll(); // first, so that every recorded request is served
        requested = next;
      }
      return next;
    }
  }

  @Override
  public StoreStats.Syncs syncs() {
    return syncs.stats();
  }

  /** Waits until a sync is due and syncs once; returns false at the end. */
  private boolean syncOnce(Log log) {
    CompletableFuture<Void> none = new CompletableFuture<>(); // first, since it may fail
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
        syncPatiently(log); // the sync marker of the sync before
      }
      answer.complete(null);
    } catch (Throwable e) {
      StoreWorker.fail(answer, log.failure().note("can't sync ", directory, e));
    }
    return !last;
  }

  /** Fails all present and future waiters, since the thread has ended. */
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

  /** Syncs, and retries if memory is lacking outside the system call. */
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
      throw failure; // no sync is retried: the bytes that the failed one left out may be lost
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
