package io.kvstore;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * There is no room for the write. What is stored is untouched; reads go on, and so do writes that
 * still fit into the active segment. All writes work again once there is room.
 */
public final class StoreFullException extends KvStoreException {
  @Serial private static final long serialVersionUID = 1L;

  /** With the message that the caller shows or logs. */
  public StoreFullException(String message) {
    super(message);
  }

  /** With what caused it. */
  public StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
