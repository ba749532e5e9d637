package io.kvstore.server.http.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of events from the thread of a change feed to the event loop. Bounded: while it is
 * full, the thread of the feed waits and reads the log no further, so that the backlog stays in the
 * log.
 */
final class EventQueue {
  /** The limit of queued bytes, exceeded by one event at most. */
  static final int MAX_QUEUED_BYTES = 64 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private ByteArrayOutputStream events = new ByteArrayOutputStream();

  /** The long value of the last event, with which the queue is full. */
  @GuardedBy("lock")
  private @Nullable LongValue value;

  @GuardedBy("lock")
  private long version;

  @GuardedBy("lock")
  private boolean open;

  @GuardedBy("lock")
  private boolean closed;

  /** Accepts events of changes after this version; until then {@link #put} waits. */
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
   * Adds an event, once there is room.
   *
   * @param event its bytes; empty if the change is not reported
   * @param following the rest of the event if it has a long value, or null
   * @param upTo the version up to which all changes are covered by this event and those before
   * @return whether the queue was empty, so that the caller must arrange a {@link #take}
   */
  boolean put(byte[] event, @Nullable LongValue following, long upTo) {
    lock.lock();
    try {
      while (!closed && (!open || value != null || events.size() >= MAX_QUEUED_BYTES)) {
        changed.awaitUninterruptibly();
      }
      if (closed) {
        return false;
      }
      boolean first = events.size() == 0 && event.length > 0;
      events.writeBytes(event);
      value = following;
      version = upTo;
      return first;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Events.
   *
   * @param bytes all of them, concatenated
   * @param value the rest of the last one, if it has a long value
   */
  record Taken(ByteBuffer bytes, @Nullable LongValue value) {}

  /** Removes and returns all events. */
  Taken take() {
    lock.lock();
    try {
      Taken taken = new Taken(ByteBuffer.wrap(events.toByteArray()), value);
      events = new ByteArrayOutputStream();
      value = null;
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the version up to which all changes are covered by the events taken, or -1. */
  long coveredVersion() {
    lock.lock();
    try {
      return events.size() == 0 ? version : -1;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waits, and drops queued and future events. */
  void close() {
    lock.lock();
    try {
      closed = true;
      events = new ByteArrayOutputStream();
      value = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
