package io.kvstore.server.http;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.KvStore;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Carries out PUT, POST and DELETE of an entry. Those that have to tell what they have done are
 * batches of one operation; the others take the shortest way there is.
 */
final class EntryWrites {
  private final KvStore<byte[], byte[]> store;
  private final HttpLimits limits;

  EntryWrites(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  /**
   * Starts a write.
   *
   * @return completes when it has happened, with what {@link #answer} needs, or failed
   */
  CompletableFuture<?> write(EntryRequest request, byte[] body) {
    return switch (request.method()) {
      case PUT -> store.writeAsync(put(request, body));
      case POST -> store.putAsync(request.key(), posted(request, body));
      case DELETE -> store.deleteAsync(request.key());
      case GET, HEAD -> throw new IllegalArgumentException("not a write: " + request.method());
    };
  }

  /** Answers a write that has happened. */
  void answer(EntryRequest request, Object result, Persistence persistence, ResponseWriter out) {
    if (result instanceof BatchResult batch) {
      BatchResult.Outcome outcome = batch.outcomes().get(0);
      Status status = outcome.existed() ? Status.NO_CONTENT : Status.CREATED;
      out.stored(status, outcome.version(), persistence);
    } else {
      out.empty(Status.OK, persistence);
    }
  }

  private Batch<byte[], byte[]> put(EntryRequest request, byte[] value) {
    return store.batch().put(request.key(), value, request.options().put());
  }

  /** The type of a body is asked for only if it is no JSON: many say nothing, or what curl says. */
  private byte[] posted(EntryRequest request, byte[] body) {
    byte[] value;
    try {
      value = JsonValue.parse(body);
    } catch (HttpException refusal) {
      WriteOptions.checkCoding(request.headers());
      @Nullable String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
      throw type == null || MediaType.mayBeJson(type) ? refusal : unsupported(type);
    }
    checkLength(value);
    return value;
  }

  private static HttpException unsupported(String type) {
    return HttpException.of(
        Status.UNSUPPORTED_MEDIA_TYPE,
        "The body is "
            + (MediaType.isValid(type) ? MediaType.essence(type) : "of a strange type")
            + ", not JSON like {\"value\":\"...\"}; PUT stores any body as it is.");
  }

  private void checkLength(byte[] value) {
    if (value.length > limits.maxValueBytes()) {
      throw HttpException.of(
          Status.CONTENT_TOO_LARGE,
          "The value has "
              + value.length
              + " bytes, more than the limit of "
              + limits.maxValueBytes()
              + ".");
    }
  }
}
