package io.kvstore;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Something went wrong that is not the caller's fault; the message names the act and the file. */
public class KvStoreException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** With the message that the caller shows or logs. */
  public KvStoreException(String message) {
    super(message);
  }

  /** With what caused it. */
  public KvStoreException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
