package io.kvstore.server.resp.protocol;

import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;

/** Maps exceptions to error replies: the only such mapping. */
public final class RespErrors {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private RespErrors() {}

  public static String text(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof RespException) {
      return message;
    }
    if (cause instanceof StoreFullException) {
      return "OOM command not allowed, the store is full: " + message;
    }
    if (cause instanceof ClosedStoreException) {
      return "ERR the store is closed";
    }
    if (cause instanceof IllegalArgumentException) {
      return "ERR " + message;
    }
    if (cause instanceof KvStoreException) {
      LOG.log(Level.ERROR, message, cause);
      return "MISCONF the store can't write: " + message;
    }
    LOG.log(Level.ERROR, "A command failed", cause);
    return "ERR internal error; see the server's log";
  }
}
