package io.kvstore.platform;

import io.kvstore.KvStoreException;
import io.kvstore.StoreListener;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The failure after which a store rejects all writes until it is reopened: of a sync, whose bytes
 * the system may have dropped, of a mapped write, of a change that an Error has interrupted
 * half-way, or of a thread of the store. The first failure is kept.
 */
public final class WriteFailure {
  private final EventDispatcher events;

  /**
   * The exception for an Error, created in advance: at the time of the failure there may be no
   * memory for it.
   */
  private final KvStoreException unexpected =
      new KvStoreException("an Error has interrupted the store in the middle of a change");

  private volatile @Nullable KvStoreException first;

  public WriteFailure(EventDispatcher events) {
    this.events = events;
  }

  /**
   * Records a failure; needs no memory.
   *
   * @param what the failed operation, to be followed by {@code where}
   * @return the exception to throw
   */
  public KvStoreException note(String what, Object where, Throwable cause) {
    KvStoreException failed;
    try {
      failed = new KvStoreException(what + where + ": " + cause.getMessage(), cause);
    } catch (OutOfMemoryError e) {
      return noteUnexpected(cause);
    }
    return note(failed);
  }

  /**
   * Records that an Error has left a change half done, or has ended a thread of the store. Needs no
   * memory.
   *
   * @return the exception to throw
   */
  public KvStoreException noteUnexpected(Throwable cause) {
    synchronized (unexpected) {
      if (unexpected.getCause() == null) {
        unexpected.initCause(cause);
      }
    }
    return note(unexpected);
  }

  private KvStoreException note(KvStoreException failed) {
    synchronized (this) {
      KvStoreException known = first;
      if (known != null) {
        return known;
      }
      first = failed;
    }
    try {
      if (events.hasListener()) {
        events.publish(
            new Consumer<>() {
              @Override
              public void accept(StoreListener listener) {
                listener.onWriteFailure(failed);
              }
            });
      }
    } catch (OutOfMemoryError e) {
      // The listener is not notified; every later write fails with the cause.
    }
    return failed;
  }

  /** Returns the failure, or null if there was none. */
  public @Nullable KvStoreException get() {
    return first;
  }

  /** Throws if there was a failure. */
  public void requireNone() {
    KvStoreException failed = first;
    if (failed != null) {
      Throwable cause = failed == unexpected ? failed.getCause() : null;
      throw new KvStoreException(
          "the store takes no more writes until it is opened anew: "
              + failed.getMessage()
              + (cause == null ? "" : " (" + cause + ")"),
          failed);
    }
  }
}
