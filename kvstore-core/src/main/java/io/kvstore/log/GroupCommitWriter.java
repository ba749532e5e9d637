package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreStats;
import io.kvstore.platform.SharedSync;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreWorker;
import io.kvstore.platform.WakeUpBackstop;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.record.RecordWriter;
import io.kvstore.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The group commit writer: callers collect records in memory, and one thread writes those that have
 * accumulated while it was busy, syncs once, publishes the changes and wakes all waiters. Bytes are
 * written through the channel, since a page that is written through a mapping faults again after
 * every sync.
 *
 * <p>A change is published, and so becomes visible, only after its sync: no reader can have seen a
 * change that a power cut takes.
 */
public final class GroupCommitWriter implements LogWriter {
  private static final int CHUNK_BYTES = 128 << 10;
  private static final int MAX_SPARE_CHUNKS = 16;

  /** The idle time after which the thread checks for waiters that have not been woken. */
  private static final long WAKE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path directory;
  private final Storage storage;
  private final long maxUnsyncedBytes;
  private final RecordWriter records = new RecordWriter();
  private final SyncStats syncs;
  private final WakeUpBackstop wakes = new WakeUpBackstop();
  private final Object lock = new Object();
  private @Nullable StoreWorker worker;

  /** The group that is collecting records. */
  @GuardedBy("lock")
  private CommitGroup open = new CommitGroup();

  /** The group that is being written, or was written last. */
  @GuardedBy("lock")
  private CommitGroup taken = open;

  @GuardedBy("lock")
  private final ArrayDeque<ByteBuffer> spareChunks = new ArrayDeque<>(MAX_SPARE_CHUNKS + 1);

  @GuardedBy("lock")
  private boolean closed;

  /** Whether the thread waits for a group. */
  @GuardedBy("lock")
  private boolean isIdle;

  /** Whether the thread accepts no further groups. */
  @GuardedBy("lock")
  private boolean ended;

  /** The group that is being committed. Used only by the thread. */
  private @Nullable CommitGroup unfinished;

  /**
   * Whether a system call to sync is in progress, whose failure is final. Used only by the thread.
   */
  private boolean isInSystem;

  public GroupCommitWriter(LogSettings settings) {
    this.directory = settings.directory();
    this.storage = settings.storage();
    this.maxUnsyncedBytes = settings.maxUnsyncedBytes();
    this.syncs = new SyncStats(settings.events());
  }

  @Override
  public void start(Log log, Publisher publisher) {
    StoreWorker committing =
        new StoreWorker(
                "commit",
                directory,
                new StoreWorker.Step() {
                  @Override
                  public boolean run() {
                    return commitNext(log, publisher);
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
    worker = committing;
    committing.start();
  }

  @Override
  public void awaitRoom() {
    synchronized (lock) {
      while (open.bytes() > maxUnsyncedBytes && !closed && !ended) {
        StoreWorker.await(lock);
      }
    }
  }

  @Override
  public void write(Segment segment, LogRecord record) {
    synchronized (lock) {
      requireRunning();
      // Steps that can fail come first: a group must never have a record without its bytes.
      open.reserve(1);
      CommitGroup.Chunk chunk = chunkFor(segment, record.size());
      records.write(chunk.buffer(), chunk.length(), record, segment.secret());
      if (open.isAwaited() || record.type() != RecordFormat.MARK) {
        wakeThread();
      }
      open.added(chunk, record);
    }
  }

  @Override
  public void write(Segment segment, List<LogRecord> batch) {
    synchronized (lock) {
      requireRunning();
      open.reserve(batch.size());
      CommitGroup.Chunk chunk = chunkFor(segment, LogRecord.size(batch));
      int at = chunk.length();
      for (LogRecord record : batch) {
        records.write(chunk.buffer(), at, record, segment.secret());
        at += record.size();
      }
      wakeThread();
      open.added(chunk, batch);
    }
  }

  @GuardedBy("lock")
  private void wakeThread() {
    if (isIdle) {
      lock.notifyAll();
    }
  }

  @GuardedBy("lock")
  private void requireRunning() {
    if (ended) {
      throw new ClosedStoreException("the store is closed");
    }
  }

  /**
   * Returns the chunk that continues at the end of the segment and has room for a number of bytes.
   */
  @GuardedBy("lock")
  private CommitGroup.Chunk chunkFor(Segment segment, int size) {
    CommitGroup.Chunk chunk = open.openChunk(segment, size);
    return chunk == null
        ? open.add(new CommitGroup.Chunk(segment, segment.end(), chunkBytes(size)))
        : chunk;
  }

  @GuardedBy("lock")
  private ByteBuffer chunkBytes(int size) {
    if (size > CHUNK_BYTES) {
      return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer spare = spareChunks.poll();
    return spare != null
        ? spare
        : ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void sealed(Segment segment) {}

  @Override
  public boolean leavesUnsynced() {
    return false;
  }

  @Override
  public int readableEnd(Segment segment) {
    return segment.writtenEnd();
  }

  @Override
  public boolean publishesLater() {
    return true;
  }

  @Override
  public CompletableFuture<Void> sync() {
    synchronized (lock) {
      return open.isAwaited() ? open.done() : taken.isAwaited() ? taken.done() : SharedSync.DONE;
    }
  }

  @Override
  public StoreStats.Syncs syncs() {
    return syncs.stats();
  }

  // ---- the thread

  /**
   * Commits the next awaited group, or goes on with one that an Error has left; returns false at
   * the end.
   */
  private boolean commitNext(Log log, Publisher publisher) {
    CommitGroup group = unfinished == null ? next() : unfinished;
    if (group == null) {
      return false;
    }
    commit(group, log, publisher);
    unfinished = null;
    recycle(group);
    return true;
  }

  private void commit(CommitGroup group, Log log, Publisher publisher) {
    if (!group.isSynced()) {
      try {
        group.beginSync();
        writeAndSync(group, log);
        group.synced();
      } catch (Throwable e) {
        group.done().fail(log.failure().note("can't sync ", directory, e));
        return;
      }
    }
    try {
      publish(group, log, publisher);
    } catch (Throwable e) {
      // The whole group is durable, but a part can't be published: it will be found when the store
      // is reopened.
      group.done().fail(log.failure().noteUnexpected(e));
      return;
    }
    wakes.add(group.done());
    group.done().succeed();
  }

  /** Publishes the changes of a group; retries when memory is lacking. */
  private static void publish(CommitGroup group, Log log, Publisher publisher) {
    for (int attempt = 1; ; attempt++) {
      try {
        log.written(group.chunks());
        while (!group.isPublished()) {
          group.publishNext(publisher);
          attempt = 0;
        }
        if (group.hasChanges()) {
          log.committed(group.lastSequence());
        }
        return;
      } catch (OutOfMemoryError e) {
        StoreWorker.pause(attempt, e);
      }
    }
  }

  /** Waits for an awaited group; returns null at the end. */
  private @Nullable CommitGroup next() {
    CommitGroup following = new CommitGroup(); // first, since it may fail
    synchronized (lock) {
      while (!open.isAwaited() && !closed) {
        isIdle = true;
        StoreWorker.await(lock, wakes.isEmpty() ? StoreWorker.IDLE_NANOS : WAKE_NANOS);
        isIdle = false;
        if (!open.isAwaited()) {
          wakes.wakeAll();
        }
      }
      if (open.isEmpty()) {
        return null;
      }
      CommitGroup group = open;
      open = following;
      taken = group;
      unfinished = group;
      lock.notifyAll();
      return group;
    }
  }

  private void writeAndSync(CommitGroup group, Log log) throws IOException {
    long start = System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      KvStoreException failure = log.failure().get();
      if (failure != null) {
        throw failure; // no sync is retried: the bytes that the failed one left out may be lost
      }
      try {
        storage.requireOwned();
        write(group);
        sync(group);
        break;
      } catch (OutOfMemoryError e) {
        if (isInSystem) {
          throw e;
        }
        StoreWorker.pause(attempt, e); // the bytes are written once more, to the same offset
      }
    }
    syncs.add(start, group.bytes(), group.changes());
  }

  private void write(CommitGroup group) throws IOException {
    List<CommitGroup.Chunk> chunks = group.chunks();
    for (int i = 0; i < chunks.size(); i++) {
      CommitGroup.Chunk chunk = chunks.get(i);
      if (chunk.length() > 0) {
        storage.write(channel(chunk.segment()), chunk.content(), chunk.from());
      }
    }
  }

  /** Syncs the segments of a group, and closes the channels of those that it seals. */
  private void sync(CommitGroup group) throws IOException {
    isInSystem = true;
    List<CommitGroup.Chunk> chunks = group.chunks();
    for (int i = 0; i < chunks.size(); i++) {
      Segment segment = chunks.get(i).segment();
      boolean isLast = i + 1 == chunks.size();
      if (isLast || chunks.get(i + 1).segment() != segment) {
        storage.sync(channel(segment));
        if (!isLast || group.endsSegment()) {
          segment.closeChannel();
        }
      }
    }
    isInSystem = false;
  }

  private static FileChannel channel(Segment segment) throws IOException {
    FileChannel channel = segment.channel();
    if (channel == null) {
      throw new IOException(segment.file() + " is not open for writing");
    }
    return channel;
  }

  private void recycle(CommitGroup group) {
    synchronized (lock) {
      for (CommitGroup.Chunk chunk : group.chunks()) {
        if (chunk.buffer().isDirect() && spareChunks.size() < MAX_SPARE_CHUNKS) {
          spareChunks.add(chunk.buffer().clear());
        }
      }
    }
  }

  /** Fails all waiters, since the thread has ended. */
  private void end(Log log) {
    wakes.wakeAll();
    SharedSync first;
    SharedSync second;
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
      first = taken.done();
      second = open.done();
    }
    KvStoreException failed = log.failure().get();
    if (failed != null) {
      first.fail(failed);
      second.fail(failed);
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
