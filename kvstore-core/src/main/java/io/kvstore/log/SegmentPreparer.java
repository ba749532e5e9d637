package io.kvstore.log;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Creates segment files on a thread of its own, the next one before it is needed, so that no put
 * pays for it and no interrupt of a caller hits a file.
 */
final class SegmentPreparer implements SegmentSource {
  /** In place of a capacity: what is prepared is to be given back. */
  private static final int NOTHING = -1;

  private final SegmentFiles files;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private long nextId;

  /** The capacity that is to be made, 0 for none. */
  @GuardedBy("lock")
  private int wanted;

  @GuardedBy("lock")
  private @Nullable Segment ready;

  @GuardedBy("lock")
  private @Nullable KvStoreException failure;

  @GuardedBy("lock")
  private boolean closed;

  private SegmentPreparer(SegmentFiles files, long nextId) {
    this.files = files;
    this.nextId = nextId;
    this.thread = StoreThread.of("segments", files.directory(), this::run);
  }

  static SegmentPreparer start(SegmentFiles files, long nextId) {
    SegmentPreparer preparer = new SegmentPreparer(files, nextId);
    preparer.thread.start();
    return preparer;
  }

  @Override
  public void prepare(int capacity) {
    lock.lock();
    try {
      if (ready == null && wanted == 0) {
        want(capacity);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void discardAbove(int capacity) {
    lock.lock();
    try {
      Segment prepared = ready;
      if (prepared != null && wanted == 0 && prepared.capacity() > capacity) {
        want(NOTHING);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Segment take(int capacity, Segments segments) {
    lock.lock();
    try {
      boolean asked = false;
      for (; ; ) {
        if (closed) {
          throw new ClosedStoreException("the store is closed");
        }
        if (wanted == 0) {
          Segment next = ready;
          if (next != null && next.capacity() >= capacity) {
            segments.add(next); // before anything has changed
            ready = null;
            nextId++;
            return next;
          }
          if (asked && failure != null) {
            throw failure;
          }
          asked = true;
          want(capacity);
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void want(int capacity) {
    wanted = capacity;
    failure = null;
    changed.signalAll();
  }

  private void run() {
    for (; ; ) {
      int capacity;
      long id;
      Segment unfit;
      lock.lock();
      try {
        while (wanted == 0 && !closed) {
          changed.awaitUninterruptibly();
        }
        if (closed) {
          return;
        }
        capacity = wanted;
        id = nextId;
        unfit = ready;
        ready = null;
      } finally {
        lock.unlock();
      }
      make(id, capacity, unfit);
    }
  }

  private void make(long id, int capacity, @Nullable Segment unfit) {
    Segment made = null;
    KvStoreException failed = null;
    try {
      discard(unfit);
      made = capacity == NOTHING ? null : files.create(id, capacity);
      if (made != null && !files.writeThrough()) {
        SegmentFiles.touch(made);
      }
    } catch (Throwable e) {
      failed = explain(id, capacity, e);
    }
    lock.lock();
    try {
      ready = made;
      failure = failed;
      wanted = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private KvStoreException explain(long id, int capacity, Throwable e) {
    Path file = files.path(id);
    String what = "can't create " + file + " of " + capacity + " bytes: " + e.getMessage();
    try {
      if (e instanceof IOException
          && (String.valueOf(e.getMessage()).contains("No space left")
              || Files.getFileStore(files.directory()).getUsableSpace() < capacity)) {
        return new StoreFullException("the disk is full: " + what, e);
      }
    } catch (IOException suppressed) {
      e.addSuppressed(suppressed);
    }
    return new KvStoreException(what, e);
  }

  private void discard(@Nullable Segment segment) throws IOException {
    if (segment != null && segment.file() != null) {
      segment.closeChannel();
      files.delete(segment.file());
    }
  }

  @Override
  public long preparedBytes() {
    lock.lock();
    try {
      return ready == null ? Math.max(wanted, 0) : ready.capacity();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the thread to end; to be called on a thread of the store. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    StoreThread.join(thread);
    Segment unused;
    lock.lock();
    try {
      unused = ready;
      ready = null;
    } finally {
      lock.unlock();
    }
    try {
      discard(unused);
    } catch (IOException e) {
      throw new KvStoreException("can't delete an unused segment: " + e.getMessage(), e);
    }
  }
}
