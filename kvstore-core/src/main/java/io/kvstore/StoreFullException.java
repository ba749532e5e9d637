package io.kvstore;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when there is no room for a write. What is stored is untouched; reads go on, and so do
 * writes that still fit into the active segment. All writes work again once there is room.
 */
public final class StoreFullException extends KvStoreException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message that the caller can show or log. */
  public StoreFullException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  public StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
