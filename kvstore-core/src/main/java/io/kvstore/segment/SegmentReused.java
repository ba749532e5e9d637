package io.kvstore.segment;

import io.kvstore.KvStoreException;

/**
 * Thrown to a reader without a lock whose record was dropped, and whose segment's file is used for
 * another segment: what was read may be of that one. The reader starts anew from the index, which
 * does not point there any more. It reaches a caller only from a store that is read only, when
 * something has taken away the lock by which the writer knows of it.
 */
public final class SegmentReused extends KvStoreException {
  private static final long serialVersionUID = 1L;

  /** To be thrown. */
  public SegmentReused() {
    super("the store that writes here has used a file again that was being read: open it anew");
  }

  /** Mostly it is caught at once. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // it does nothing
  public Throwable fillInStackTrace() {
    return this;
  }
}
