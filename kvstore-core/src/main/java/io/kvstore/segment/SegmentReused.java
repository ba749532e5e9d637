package io.kvstore.segment;

import io.kvstore.KvStoreException;

/**
 * Thrown to a lock-free reader whose record was dropped and whose segment file has been reused for
 * another segment, so that the bytes it read may belong to that one. The reader retries from the
 * index, which no longer points there. A caller sees it only from a read-only store, after the lock
 * was lost by which the writer knows of the reader.
 */
public final class SegmentReused extends KvStoreException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public SegmentReused() {
    super("the writing store has reused a file that was being read: reopen this store");
  }

  /** Omits the stack trace: the exception is mostly caught at once. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // it does nothing
  public Throwable fillInStackTrace() {
    return this;
  }
}
