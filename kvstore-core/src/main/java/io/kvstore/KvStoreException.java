package io.kvstore;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when an operation fails for a reason that is not the caller's fault; the message names the
 * operation and the file.
 */
public class KvStoreException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Creates an exception with a message that the caller can show or log. */
  public KvStoreException(String message) {
    super(message);
  }

  /** Creates an exception with a message and a cause. */
  public KvStoreException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
