package io.kvstore.platform;

import io.kvstore.KvStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The failure after which a store takes no more writes until it is opened anew: of a sync, whose
 * bytes the system may have dropped, of a mapped write, of a change that an Error has interrupted
 * half-way, or of a thread of the store. The first one counts.
 */
public final class WriteFailure {
  private final EventDispatcher events;

  /** Made beforehand: what it stands for may be that no object can be made any more. */
  private final KvStoreException unexpected =
      new KvStoreException("an Error has interrupted the store in the middle of a change");

  private volatile @Nullable KvStoreException first;

  public WriteFailure(EventDispatcher events) {
    this.events = events;
  }

  /**
   * Notes a failure; needs no memory.
   *
   * @param what could not be done, to be followed by where
   * @return what is to be thrown
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
   * Notes that an Error has left a change half done, or has ended a thread of the store. Needs no
   * memory.
   *
   * @return what is to be thrown
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
      if (events.haveListener()) {
        events.tell(listener -> listener.onWriteFailure(failed));
      }
    } catch (OutOfMemoryError e) {
      // The listener is not told; every later write is.
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
