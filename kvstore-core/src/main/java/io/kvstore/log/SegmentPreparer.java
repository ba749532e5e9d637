package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SpareFiles;
import io.kvstore.platform.FullDisk;
import io.kvstore.platform.Mapping;
import io.kvstore.platform.StoreWorker;
import io.kvstore.platform.WriteFailure;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segment source of a directory: creates segment files on a thread of its own, the next one
 * before it is needed, so that no put has to wait for it and no interrupt of a caller closes a
 * file.
 *
 * <p>If a segment can't be created, for whatever reason, the callers waiting for it fail; the
 * thread goes on, and retries on the next request.
 */
public final class SegmentPreparer implements SegmentSource {
  /** In place of a capacity: the prepared segment has to be discarded. */
  private static final int NOTHING = -1;

  /** The number of further segments of the same size for which space is reserved. */
  private static final int SPARE_CAPACITIES = 2;

  /** The space for the segment list and other small files. */
  private static final int SMALL_FILES_BYTES = 128 << 10;

  private final SegmentFiles files;
  private final SpareFiles spares;
  private final WriteFailure storeFailure;
  private final StoreWorker worker;
  private final Object lock = new Object();

  /** Created in advance, for the case that there is no memory for a better one. */
  private final KvStoreException outOfMemory;

  @GuardedBy("lock")
  private long nextId;

  /** The capacity of the segment to create, 0 for none. */
  @GuardedBy("lock")
  private int wanted;

  @GuardedBy("lock")
  private @Nullable Segment ready;

  /** The table in which the ready segment has its place already, or null. */
  @GuardedBy("lock")
  private @Nullable SegmentTable placedIn;

  @GuardedBy("lock")
  private @Nullable KvStoreException failure;

  @GuardedBy("lock")
  private boolean closed;

  /** Whether a failed attempt may have left a file; used only by the thread. */
  private boolean isUnfinished;

  public SegmentPreparer(
      SegmentFiles files, SpareFiles spares, long nextId, WriteFailure storeFailure) {
    this.files = files;
    this.spares = spares;
    this.nextId = nextId;
    this.storeFailure = storeFailure;
    this.outOfMemory =
        new KvStoreException("can't create a segment in " + files.directory() + ": out of memory");
    this.worker =
        new StoreWorker(
            "segments",
            files.directory(),
            new StoreWorker.Step() {
              @Override
              public boolean run() {
                return makeNext();
              }
            },
            storeFailure);
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
        lock.notifyAll(); // once more, in case the call that requested it has died before
        StoreWorker.await(lock); // with periodic checks, since the thread may have ended
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

  /** Creates the next requested segment; returns false at the end. */
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
      keepOrDelete(unfit);
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

  @Override
  public boolean hasRoom(int capacity) {
    try {
      requireSpace(capacity);
      return true;
    } catch (StoreFullException | IOException e) {
      return false;
    }
  }

  /**
   * Requires that enough space is left for compaction, which frees more: so the disk never stays
   * full.
   */
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

  /** Keeps the file of an unused segment as a spare file, or deletes it. */
  private void keepOrDelete(@Nullable Segment segment) throws IOException {
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

  /** Waits for the thread to end; called on a thread of the store. */
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
        // An Error may have occurred between the seal and taken(): the log continues here.
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
