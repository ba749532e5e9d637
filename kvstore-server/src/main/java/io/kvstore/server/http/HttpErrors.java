package io.kvstore.server.http;

import io.kvstore.ClosedStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Status;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Maps exceptions to error responses: the only such mapping. */
final class HttpErrors {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private HttpErrors() {}

  /** Returns the error response to a request, or a part of one, that the decoder rejected. */
  static HttpException malformed(@Nullable Throwable cause, boolean inHead) {
    if (cause instanceof HttpException known) {
      return known;
    }
    if (cause instanceof TooLongHttpLineException && inHead) {
      return HttpException.fatal(
          Status.URI_TOO_LONG,
          "The request line has more than the limit of "
              + HttpLimits.MAX_REQUEST_LINE_BYTES
              + " bytes.");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return HttpException.fatal(
          Status.HEADERS_TOO_LARGE,
          "The header fields have more bytes than the limit of this server allows.");
    }
    return HttpException.malformed(
        inHead ? "The request is not well-formed HTTP." : "The body is not well-formed HTTP.");
  }

  /** Returns the error response to an operation that failed. */
  static HttpException failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof HttpException known) {
      return known;
    }
    if (cause instanceof StoreFullException) {
      return HttpException.of(Status.INSUFFICIENT_STORAGE, "The store is full: " + message(cause));
    }
    if (cause instanceof ClosedStoreException) {
      return HttpException.of(Status.UNAVAILABLE, "The store is closed.");
    }
    if (cause instanceof IllegalArgumentException) {
      return HttpException.of(Status.CONTENT_TOO_LARGE, message(cause));
    }
    if (cause instanceof KvStoreException) {
      LOG.log(Level.ERROR, message(cause), cause);
      return HttpException.of(Status.INTERNAL_ERROR, message(cause));
    }
    LOG.log(Level.ERROR, "A request failed", cause);
    return HttpException.fatal(Status.INTERNAL_ERROR, "The server failed; its log says how.");
  }

  private static String message(Throwable cause) {
    return String.valueOf(cause.getMessage());
  }
}
