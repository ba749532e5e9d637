package io.kvstore.server.http;

import io.kvstore.KvStore;
import io.kvstore.ValueView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the methods do to an entry.
 *
 * <ul>
 *   <li>GET and HEAD answer the value, 200, or 404; a part of it, 206; or that the client has it,
 *       304.
 *   <li>PUT stores the body as it is: 201 if there was no entry, or 204.
 *   <li>POST stores the string in the body's JSON: 200.
 *   <li>DELETE removes the entry: 200, whether there was one or not.
 *   <li>OPTIONS says which methods there are, of every entry and of {@code *}: 204.
 * </ul>
 *
 * <p>Each only if what If-Match and If-None-Match ask for is so: 412 if not.
 */
final class EntryRoutes {
  private final EntryReads reads;
  private final EntryWrites writes;
  private final HttpLimits limits;

  EntryRoutes(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.reads = new EntryReads(store);
    this.writes = new EntryWrites(store, limits);
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
      case GET, HEAD, DELETE, OPTIONS ->
          RequestBody.skipped(HttpLimits.MAX_IGNORED_BODY_BYTES, announced);
    };
  }

  /** Answers a GET, HEAD or OPTIONS; see {@link EntryReads#read}. */
  void read(EntryRequest request, Persistence persistence, ResponseWriter out) {
    if (request.method() == Method.OPTIONS) {
      out.methods(persistence);
    } else {
      reads.read(request, persistence, out);
    }
  }

  /** See {@link EntryReads#plain}. */
  @Nullable ValueView read(PlainRequest request) {
    return reads.plain(request);
  }

  /** See {@link EntryWrites#plain}. */
  @Nullable CompletableFuture<Void> write(PlainRequest request) {
    return writes.plain(request);
  }

  /** Starts a PUT, POST or DELETE; see {@link EntryWrites#write}. */
  CompletableFuture<?> write(EntryRequest request, byte[] body, Executor executor) {
    return writes.write(request, body, executor);
  }

  /** Answers it; see {@link EntryWrites#answer}. */
  void answer(EntryRequest request, Object result, Persistence persistence, ResponseWriter out) {
    writes.answer(request, result, persistence, out);
  }
}
