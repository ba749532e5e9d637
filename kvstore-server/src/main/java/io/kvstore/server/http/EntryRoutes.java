package io.kvstore.server.http;

import io.kvstore.KvStore;
import io.kvstore.ValueView;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the methods do to an entry.
 *
 * <ul>
 *   <li>GET and HEAD answer the value, 200, or 404.
 *   <li>PUT stores the body as it is: 204.
 *   <li>POST stores the string in the body's JSON: 200.
 *   <li>DELETE removes the entry: 200, whether there was one or not.
 * </ul>
 */
final class EntryRoutes {
  private final KvStore<byte[], byte[]> store;
  private final HttpLimits limits;

  EntryRoutes(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  /**
   * Starts the body that belongs to a method.
   *
   * @throws HttpException if it is announced to be too long
   */
  RequestBody startBody(Method method, long announced) {
    return switch (method) {
      case PUT -> RequestBody.kept(limits.maxValueBytes(), announced);
      case POST -> RequestBody.kept(limits.maxJsonBytes(), announced);
      case GET, HEAD, DELETE -> RequestBody.skipped(HttpLimits.MAX_IGNORED_BODY_BYTES, announced);
    };
  }

  /** Answers a GET or HEAD. */
  void read(EntryRequest request, Persistence persistence, ResponseWriter out) {
    boolean headOnly = request.method() == Method.HEAD;
    @Nullable ValueView view = store.view(request.key());
    if (view != null) {
      out.value(view.bytes(), headOnly, persistence);
    } else if (request.key().length == 0) {
      out.text(Status.NOT_FOUND, Guide.text(out.localPort()), headOnly, persistence);
    } else {
      out.text(Status.NOT_FOUND, "There is no value under this key.", headOnly, persistence);
    }
  }

  /** Starts a PUT, POST or DELETE; when the future completes it has happened, or failed. */
  CompletableFuture<?> write(EntryRequest request, byte[] body) {
    return switch (request.method()) {
      case PUT -> store.putAsync(request.key(), body);
      case POST -> store.putAsync(request.key(), checked(JsonValue.parse(body)));
      case DELETE -> store.deleteAsync(request.key());
      case GET, HEAD -> throw new IllegalArgumentException("not a write: " + request.method());
    };
  }

  private byte[] checked(byte[] value) {
    if (value.length > limits.maxValueBytes()) {
      throw HttpException.of(
          Status.CONTENT_TOO_LARGE,
          "The value has "
              + value.length
              + " bytes, more than the limit of "
              + limits.maxValueBytes()
              + ".");
    }
    return value;
  }
}
