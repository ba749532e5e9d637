package io.kvstore.server.http;

import io.kvstore.BatchResult;
import io.kvstore.KvStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Carries out batches: all of one or nothing. */
final class StoreWrites {
  private final KvStore<byte[], byte[]> store;

  StoreWrites(KvStore<byte[], byte[]> store) {
    this.store = store;
  }

  /**
   * Starts a batch. A long one is read and written on another thread, so that the event loop serves
   * others meanwhile.
   *
   * @param executor for the answer
   * @return completes with an answer for each element, or with an {@link HttpException}
   * @throws HttpException if the body is no batch
   */
  CompletableFuture<Body> write(byte[] body, Executor executor) {
    return body.length <= HttpLimits.MAX_LOOP_JSON_BYTES
        ? start(body, executor)
        : CompletableFuture.completedFuture(body).thenComposeAsync(read -> start(read, executor));
  }

  private CompletableFuture<Body> start(byte[] body, Executor executor) {
    StoreBatch batch = BatchReader.read(store, body);
    return store
        .writeAsync(batch.batch())
        .thenApplyAsync(result -> answer(batch, result), executor);
  }

  private static Body answer(StoreBatch batch, BatchResult result) {
    if (!result.applied()) {
      int place = batch.placeOfPrecondition(result.failedPrecondition());
      throw HttpException.of(
          Status.PRECONDITION_FAILED,
          "Element " + place + " of the batch requires what is not so; nothing was changed.");
    }
    return Body.json(batch.answer(result));
  }
}
