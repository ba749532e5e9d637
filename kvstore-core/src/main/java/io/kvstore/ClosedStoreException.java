package io.kvstore;

import java.io.Serial;

/** Thrown when a store is used after it was closed. */
public final class ClosedStoreException extends KvStoreException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message that the caller can show or log. */
  public ClosedStoreException(String message) {
    super(message);
  }
}
