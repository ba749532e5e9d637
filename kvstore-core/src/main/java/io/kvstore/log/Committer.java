package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.KvStoreException;
import io.kvstore.StoreStats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: writers collect records in memory, and one thread writes what has come together
 * while it was busy, syncs once, publishes the changes and answers all who wait. Bytes go through
 * the channel, since a page that is written through a mapping faults again after every sync.
 *
 * <p>A change is published, so becomes visible, only after its sync: no reader can have seen what a
 * power cut takes.
 */
final class Committer implements LogWriter {
  private static final int CHUNK_BYTES = 128 << 10;
  private static final int MAX_SPARE_CHUNKS = 16;

  private final Path directory;
  private final Storage storage;
  private final long maxUnsyncedBytes;
  private final RecordWriter records = new RecordWriter();
  private final SyncFigures syncs;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private @Nullable Thread thread;

  /** The group that collects records. */
  @GuardedBy("lock")
  private CommitGroup open = new CommitGroup();

  /** The group that is being written, or was last. */
  @GuardedBy("lock")
  private CommitGroup taken = open;

  @GuardedBy("lock")
  private final ArrayDeque<ByteBuffer> spareChunks = new ArrayDeque<>();

  @GuardedBy("lock")
  private boolean closed;

  /** The segment that was written to last; its channel is closed once the next one is. */
  private @Nullable Segment current;

  Committer(LogSettings settings) {
    this.directory = settings.directory();
    this.storage = settings.storage();
    this.maxUnsyncedBytes = settings.maxUnsyncedBytes();
    this.syncs = new SyncFigures(settings.events());
  }

  @Override
  public void start(Log log, Publisher publisher) {
    thread = StoreThread.start("commit", directory, () -> run(log, publisher));
  }

  @Override
  public void awaitRoom() {
    lock.lock();
    try {
      while (open.bytes() > maxUnsyncedBytes && !closed) {
        room.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(Segment segment, LogRecord record) {
    lock.lock();
    try {
      ByteBuffer bytes = roomFor(segment, record.size());
      open.added(record);
      write(bytes, record, segment);
      if (open.isAwaited()) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(Segment segment, List<LogRecord> batch) {
    lock.lock();
    try {
      // Whatever can fail comes first: no group may ever have a part of a batch.
      ByteBuffer bytes = roomFor(segment, LogRecord.size(batch));
      open.added(batch);
      for (LogRecord record : batch) {
        write(bytes, record, segment);
      }
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private ByteBuffer roomFor(Segment segment, int size) {
    CommitGroup.Chunk chunk = open.openChunk(segment, size);
    if (chunk == null) {
      chunk = open.add(new CommitGroup.Chunk(segment, segment.end(), chunkBytes(size)));
    }
    return chunk.bytes();
  }

  @GuardedBy("lock")
  private void write(ByteBuffer bytes, LogRecord record, Segment segment) {
    int at = bytes.position();
    records.write(bytes, at, record, segment.secret());
    bytes.position(at + record.size());
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
    lock.lock();
    try {
      return open.isAwaited() ? open.done() : taken.isAwaited() ? taken.done() : Log.DONE;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public StoreStats.Syncs syncs() {
    return syncs.stats();
  }

  private void run(Log log, Publisher publisher) {
    for (CommitGroup group = next(); group != null; group = next()) {
      try {
        write(group, log);
        log.written(group.chunks());
        group.publish(publisher);
        if (group.hasChanges()) {
          log.committed(group.lastSequence());
        }
        group.done().succeed();
      } catch (Throwable e) {
        group.done().fail(log.failure().note("can't sync " + directory, e));
      }
      recycle(group);
    }
  }

  /** Waits for a group that somebody waits for; null at the end. */
  private @Nullable CommitGroup next() {
    lock.lock();
    try {
      while (!open.isAwaited() && !closed) {
        work.awaitUninterruptibly();
      }
      if (open.isEmpty()) {
        return null;
      }
      CommitGroup group = open;
      open = new CommitGroup();
      taken = group;
      room.signalAll();
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void write(CommitGroup group, Log log) throws IOException {
    KvStoreException failure = log.failure().get();
    if (failure != null) {
      throw failure; // no sync is retried: what the failed one left out may be gone
    }
    long start = System.nanoTime();
    for (CommitGroup.Chunk chunk : group.chunks()) {
      Segment segment = chunk.segment();
      if (segment != current) {
        leave(current);
        current = segment;
      }
      storage.write(channel(segment), chunk.bytes().flip(), chunk.from());
    }
    if (group.endsSegment()) {
      leave(current);
      current = null;
    } else if (current != null) {
      storage.sync(channel(current));
    }
    syncs.add(start, group.bytes(), group.changes());
  }

  /** Syncs a segment that is sealed, and closes its channel. */
  private void leave(@Nullable Segment segment) throws IOException {
    if (segment != null) {
      storage.sync(channel(segment));
      segment.closeChannel();
    }
  }

  private static FileChannel channel(Segment segment) throws IOException {
    FileChannel channel = segment.channel();
    if (channel == null) {
      throw new IOException(segment.file() + " is not open for writing");
    }
    return channel;
  }

  private void recycle(CommitGroup group) {
    lock.lock();
    try {
      for (CommitGroup.Chunk chunk : group.chunks()) {
        if (chunk.bytes().isDirect() && spareChunks.size() < MAX_SPARE_CHUNKS) {
          spareChunks.add(chunk.bytes().clear());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    if (running != null) {
      StoreThread.join(running);
    }
  }
}
