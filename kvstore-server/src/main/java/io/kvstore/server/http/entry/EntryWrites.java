package io.kvstore.server.http.entry;

import io.kvstore.BatchResult;
import io.kvstore.KvStore;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.FastPathRequest;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.JsonValue;
import io.kvstore.server.http.message.MediaType;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.ResponseWriter;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The writes of an entry: PUT, POST and DELETE. Those whose response depends on the previous state
 * are batches of one operation; the others are plain writes, which are faster.
 */
public final class EntryWrites {
  private final KvStore<byte[], byte[]> store;
  private final HttpLimits limits;

  public EntryWrites(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  /**
   * Starts a write.
   *
   * @param executor runs further attempts
   * @return completes with the result for {@link #answer}, or exceptionally
   */
  public CompletableFuture<?> write(EntryRequest request, byte[] body, Executor executor) {
    return switch (request.method()) {
      case PUT -> new SingleBatch(store, request, body, executor).write();
      case POST ->
          CounterIncrement.isAsked(request)
              ? CounterIncrement.start(store, request, body, executor)
              : post(request, posted(request, body), executor);
      case DELETE ->
          request.options().preconditions().isNone()
              ? store.deleteAsync(request.key())
              : new SingleBatch(store, request, null, executor).write();
      case GET, HEAD, OPTIONS ->
          throw new IllegalArgumentException("not a write: " + request.method());
    };
  }

  /**
   * Starts the write of a fast-path POST, or returns null if its body has to be parsed in full.
   *
   * @return completes when the entry is written, or exceptionally
   */
  public @Nullable CompletableFuture<Void> fastPath(FastPathRequest request) {
    byte[] value = JsonValue.plain(request.body());
    return value == null || value.length > limits.maxValueBytes()
        ? null
        : store.putAsync(request.key(), value);
  }

  private CompletableFuture<?> post(EntryRequest request, byte[] value, Executor executor) {
    WriteOptions options = request.options();
    if (!options.preconditions().isNone()) {
      return new SingleBatch(store, request, value, executor).write();
    }
    @Nullable Duration ttl = options.put().ttl();
    return ttl == null
        ? store.putAsync(request.key(), value)
        : store.putAsync(request.key(), value, ttl);
  }

  /**
   * Sends the response to a completed write.
   *
   * @throws HttpException if the store has rejected it
   */
  public void answer(
      EntryRequest request, Object result, ConnectionOption option, ResponseWriter out) {
    if (result instanceof BatchResult batch) {
      answer(request, batch, option, out);
    } else {
      out.empty(Status.OK, option);
    }
  }

  private static void answer(
      EntryRequest request, BatchResult result, ConnectionOption option, ResponseWriter out) {
    if (!result.applied()) {
      throw request.options().preconditions().failed();
    }
    BatchResult.Outcome outcome = result.outcomes().get(0);
    Method method = request.method();
    if (method == Method.DELETE) {
      out.empty(Status.OK, option);
    } else {
      Status put = outcome.existed() ? Status.NO_CONTENT : Status.CREATED;
      out.stored(method == Method.PUT ? put : Status.OK, outcome.version(), option);
    }
  }

  /**
   * The Content-Type is only checked if the body is not JSON: many clients send none, or curl's.
   */
  private byte[] posted(EntryRequest request, byte[] body) {
    byte[] value;
    try {
      value = JsonValue.parse(body);
    } catch (HttpException error) {
      WriteOptions.checkCoding(request.headers());
      @Nullable String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
      throw type == null || MediaType.mayBeJson(type) ? error : unsupported(type);
    }
    checkLength(value);
    return value;
  }

  private static HttpException unsupported(String type) {
    return HttpException.of(
        Status.UNSUPPORTED_MEDIA_TYPE,
        "The body is "
            + (MediaType.isValid(type) ? MediaType.essence(type) : "of an unknown type")
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
