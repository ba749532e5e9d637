package io.kvstore;

import java.io.Serial;

/** The store has been closed. */
public final class ClosedStoreException extends KvStoreException {
  @Serial private static final long serialVersionUID = 1L;

  /** With the message that the caller shows or logs. */
  public ClosedStoreException(String message) {
    super(message);
  }
}
