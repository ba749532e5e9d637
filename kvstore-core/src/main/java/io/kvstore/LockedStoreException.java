package io.kvstore;

import java.io.Serial;

/** Thrown when another store has the directory open; the message names its process. */
public final class LockedStoreException extends KvStoreException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message that the caller can show or log. */
  public LockedStoreException(String message) {
    super(message);
  }
}
