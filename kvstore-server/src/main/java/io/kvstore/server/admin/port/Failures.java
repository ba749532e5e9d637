package io.kvstore.server.admin.port;

import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.server.http.message.HttpException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;

/** Maps exceptions to error responses of the management port. */
final class Failures {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private Failures() {}

  static Reply reply(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof HttpException error) {
      return Reply.problem(HttpResponseStatus.valueOf(error.status().code()), error.sentence());
    }
    if (cause instanceof IllegalArgumentException) {
      return Reply.problem(HttpResponseStatus.BAD_REQUEST, message);
    }
    if (cause instanceof StoreFullException) {
      return Reply.problem(HttpResponseStatus.INSUFFICIENT_STORAGE, message);
    }
    if (cause instanceof ClosedStoreException) {
      return Reply.problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "The store is closed.");
    }
    LOG.log(Level.ERROR, "The management port failed: " + message, cause);
    return Reply.problem(
        HttpResponseStatus.INTERNAL_SERVER_ERROR,
        cause instanceof KvStoreException ? message : "Internal error; see the server's log.");
  }
}
