package io.kvstore.log;

import io.kvstore.KvStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The failure after which nothing more is written: of a sync, whose bytes the system may have
 * dropped, or of a mapped write. The first one counts, for as long as the store is open.
 */
final class WriteFailure {
  private final Events events;
  private volatile @Nullable KvStoreException first;

  WriteFailure(Events events) {
    this.events = events;
  }

  /** Notes a failure, and returns what is to be thrown. */
  synchronized KvStoreException note(String what, Throwable cause) {
    KvStoreException known = first;
    if (known != null) {
      return known;
    }
    KvStoreException failed = new KvStoreException(what + ": " + cause.getMessage(), cause);
    first = failed;
    events.tell(listener -> listener.onWriteFailure(failed));
    return failed;
  }

  @Nullable KvStoreException get() {
    return first;
  }

  /** Throws if there was a failure. */
  void requireNone() {
    KvStoreException failed = first;
    if (failed != null) {
      throw new KvStoreException(
          "the store takes no more writes until it is opened anew: " + failed.getMessage(), failed);
    }
  }
}
