package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.platform.FullDisk;
import io.kvstore.platform.Mapping;
import io.kvstore.platform.StoreWorker;
import io.kvstore.platform.WriteFailure;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentFiles;
import io.kvstore.segment.SegmentTable;
import io.kvstore.segment.SpareFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Creates segment files on a thread of its own, the next one before it is needed, so that no put
 * pays for it and no interrupt of a caller hits a file.
 *
 * <p>A segment that can't be created, for whatever reason, fails those who wait for it; the thread
 * goes on, and tries again when it is asked again.
 */
public final class SegmentPreparer implements SegmentSource {
  /** In place of a capacity: what is prepared is to be given back. */
  private static final int NOTHING = -1;

  /** Segments of the same size that could be created besides the next one. */
  private static final int SPARE_CAPACITIES = 2;

  /** What the list of segments and other small files may need. */
  private static final int SMALL_FILES_BYTES = 128 << 10;

  private final SegmentFiles files;
  private final SpareFiles spares;
  private final WriteFailure storeFailure;
  private final StoreWorker worker;
  private final Object lock = new Object();

  /** Made beforehand, for when there is no memory to say more. */
  private final KvStoreException outOfMemory;

  @GuardedBy("lock")
  private long nextId;

  /** The capacity that is to be made, 0 for none. */
  @GuardedBy("lock")
  private int wanted;

  @GuardedBy("lock")
  private @Nullable Segment ready;

  /** Where what is ready has its place already, or null. */
  @GuardedBy("lock")
  private @Nullable SegmentTable placedIn;

  @GuardedBy("lock")
  private @Nullable KvStoreException failure;

  @GuardedBy("lock")
  private boolean closed;

  /** Whether an attempt has failed that may have left a file; of the thread alone. */
  private boolean isUnfinished;

  public SegmentPreparer(
      SegmentFiles files, SpareFiles spares, long nextId, WriteFailure storeFailure) {
    this.files = files;
    this.spares = spares;
    this.nextId = nextId;
    this.storeFailure = storeFailure;
    this.outOfMemory =
        new KvStoreException("can't create a segment in " + files.directory() + ": out of memory");
    this.worker = new StoreWorker("segments", files.directory(), this::makeNext, storeFailure);
  }

  @Override
  public void start() {
    worker.start();
  }

  @Override
  public void prepare(int capacity) {
    synchronized (lock) {
      if (ready == null && wanted == 0) {
        want(capacity);
      }
    }
  }

  @Override
  public void discardAbove(int capacity) {
    synchronized (lock) {
      Segment prepared = ready;
      if (prepared != null && wanted == 0 && prepared.capacity() > capacity) {
        want(NOTHING);
      }
    }
  }

  @Override
  public Segment next(int capacity, SegmentTable segments) {
    files.requireOwned();
    synchronized (lock) {
      boolean asked = false;
      for (; ; ) {
        if (closed) {
          throw new ClosedStoreException("the store is closed");
        }
        storeFailure.requireNone();
        if (wanted == 0) {
          Segment next = ready;
          if (next != null && next.capacity() >= capacity) {
            if (placedIn == null) {
              segments.stage(next);
              placedIn = segments;
            }
            return next;
          }
          if (asked && failure != null) {
            throw failure;
          }
          asked = true;
          want(capacity);
        }
        lock.notifyAll(); // once more, should the call that wanted it have died before
        StoreWorker.await(lock); // and looks again now and then: the thread may have ended
      }
    }
  }

  @Override
  public void taken() {
    synchronized (lock) {
      ready = null;
      placedIn = null;
      nextId++;
    }
  }

  @GuardedBy("lock")
  private void want(int capacity) {
    lock.notifyAll();
    wanted = capacity;
    failure = null;
  }

  // ---- the thread

  /** Makes the next segment that is wanted; returns false at the end. */
  private boolean makeNext() {
    int capacity;
    long id;
    Segment unfit;
    synchronized (lock) {
      while (wanted == 0 && !closed) {
        StoreWorker.await(lock, StoreWorker.IDLE_NANOS);
      }
      if (closed) {
        return false;
      }
      capacity = wanted;
      id = nextId;
      unfit = ready;
      if (unfit != null && placedIn != null) {
        placedIn.remove(unfit);
      }
      placedIn = null;
      ready = null;
    }
    make(id, capacity, unfit);
    return true;
  }

  private void make(long id, int capacity, @Nullable Segment unfit) {
    Segment made = null;
    KvStoreException failed = null;
    try {
      giveBack(unfit);
      if (isUnfinished) {
        files.delete(files.path(id));
      }
      if (capacity != NOTHING) {
        requireSpace(capacity);
      }
      isUnfinished = true;
      made = capacity == NOTHING ? null : create(id, capacity);
      if (made != null && !files.writeThrough()) {
        SegmentFiles.touch(made);
      }
    } catch (Throwable e) {
      failed = explain(id, capacity, e);
    }
    synchronized (lock) {
      ready = failed == null ? made : null;
      failure = failed;
      wanted = 0;
      isUnfinished = failed != null;
      lock.notifyAll();
    }
  }

  private Segment create(long id, int capacity) throws IOException {
    Segment reused = spares.reuse(id, capacity);
    if (reused == null) {
      Mapping.requireRoom();
      reused = files.create(id, capacity);
    }
    return reused;
  }

  /** Leaves space to compaction, which makes more of it: so the disk is never so full for good. */
  private void requireSpace(int capacity) throws IOException {
    long needed = (long) capacity * (1 + SPARE_CAPACITIES);
    needed = SMALL_FILES_BYTES + Math.max(0, needed - spares.bytes());
    long usable = files.usableBytes();
    if (usable < needed) {
      throw new StoreFullException(
          "the disk has "
              + usable
              + " bytes left for "
              + files.directory()
              + ", and the next segment of "
              + capacity
              + " bytes and its compaction need "
              + needed);
    }
  }

  private KvStoreException explain(long id, int capacity, Throwable e) {
    try {
      return explained(id, capacity, e);
    } catch (OutOfMemoryError again) {
      return outOfMemory;
    }
  }

  private KvStoreException explained(long id, int capacity, Throwable e) {
    if (e instanceof StoreFullException full) {
      return full;
    }
    Path file = files.path(id);
    String what = "can't create " + file + " of " + capacity + " bytes: " + e.getMessage();
    if (FullDisk.isCause(e, files.directory(), capacity)) {
      return new StoreFullException("the disk is full: " + what, e);
    }
    return new KvStoreException(what, e);
  }

  /** Keeps the file of a segment that nobody has seen for another, or deletes it. */
  private void giveBack(@Nullable Segment segment) throws IOException {
    if (segment != null) {
      segment.closeChannel();
      boolean unused = segment.use().end();
      for (Segment left : spares.offer(List.of(segment), 0)) {
        discard(left);
      }
    }
  }

  private void discard(@Nullable Segment segment) throws IOException {
    if (segment != null && segment.file() != null) {
      segment.closeChannel();
      files.delete(segment.file());
      Mapping mapping = segment.mapping();
      if (mapping != null && segment.use().end()) {
        files.endOrCount(mapping);
      }
    }
  }

  @Override
  public long preparedBytes() {
    synchronized (lock) {
      return ready == null ? Math.max(wanted, 0) : ready.capacity();
    }
  }

  /** Waits for the thread to end; to be called on a thread of the store. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    worker.join();
    Segment unused;
    boolean mayBeNamed;
    synchronized (lock) {
      unused = ready;
      ready = null;
      mayBeNamed = placedIn != null;
    }
    try {
      if (unused != null && mayBeNamed) {
        // An Error may have come between the seal and taken(): the log goes on here.
        unused.closeChannel();
      } else {
        discard(unused);
      }
      spares.clear();
    } catch (IOException e) {
      throw new KvStoreException("can't delete an unused segment: " + e.getMessage(), e);
    }
  }
}
