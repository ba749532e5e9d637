package io.kvstore;

import java.io.Serial;

/** Another store has the directory open; the message names its process. */
public final class LockedStoreException extends KvStoreException {
  @Serial private static final long serialVersionUID = 1L;

  /** With the message that the caller shows or logs. */
  public LockedStoreException(String message) {
    super(message);
  }
}
