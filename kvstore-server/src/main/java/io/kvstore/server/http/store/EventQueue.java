package io.kvstore.server.http.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue of events from the thread of a watch to the event loop. Whoever brings one waits while
 * there are many, so that the log, which is read no further then, is the queue.
 */
final class EventQueue {
  /** Bytes of events, at most, give or take the last one. */
  static final int MAX_QUEUED_BYTES = 64 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private ByteArrayOutputStream events = new ByteArrayOutputStream();

  @GuardedBy("lock")
  private long version;

  @GuardedBy("lock")
  private boolean open;

  @GuardedBy("lock")
  private boolean closed;

  /** Lets events in, of changes behind this version; until then those who bring some wait. */
  void open(long firstVersion) {
    lock.lock();
    try {
      version = firstVersion;
      open = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Brings an event, once there is room.
   *
   * @param event its bytes; none if nobody is to learn of the change
   * @param upTo the version up to which all changes have been told then
   * @return whether somebody has to {@link #take}, since there was nothing before
   */
  boolean put(byte[] event, long upTo) {
    lock.lock();
    try {
      while (!closed && (!open || events.size() >= MAX_QUEUED_BYTES)) {
        changed.awaitUninterruptibly();
      }
      if (closed) {
        return false;
      }
      boolean first = events.size() == 0 && event.length > 0;
      events.writeBytes(event);
      version = upTo;
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Takes all events that are there, one behind the other. */
  byte[] take() {
    lock.lock();
    try {
      byte[] taken = events.toByteArray();
      events = new ByteArrayOutputStream();
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the version up to which all changes have been told by what has been taken, or -1. */
  long toldVersion() {
    lock.lock();
    try {
      return events.size() == 0 ? version : -1;
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody wait any more, and drops what is there and what comes. */
  void close() {
    lock.lock();
    try {
      closed = true;
      events = new ByteArrayOutputStream();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
