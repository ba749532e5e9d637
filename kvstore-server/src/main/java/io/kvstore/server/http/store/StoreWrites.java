package io.kvstore.server.http.store;

import io.kvstore.BatchResult;
import io.kvstore.KvStore;
import io.kvstore.server.http.entry.RequestAccess;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.Body;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The execution of batches, which are atomic. */
final class StoreWrites {
  private final KvStore<byte[], byte[]> store;

  StoreWrites(KvStore<byte[], byte[]> store) {
    this.store = store;
  }

  /**
   * Starts a batch.
   *
   * @param access the access of the client; null for one to every key
   * @param executor completes the result
   * @return completes with a result for each element, or with an {@link HttpException}
   * @throws HttpException if the body is not a batch
   */
  CompletableFuture<Body> write(@Nullable RequestAccess access, byte[] body, Executor executor) {
    StoreBatch batch = BatchReader.read(new StoreBatch(store, access), body);
    if (access != null) {
      access.require(); // a long one has been read on another thread
    }
    return store
        .writeAsync(batch.batch())
        .thenApplyAsync(result -> answer(batch, result), executor);
  }

  private static Body answer(StoreBatch batch, BatchResult result) {
    if (!result.applied()) {
      int index = batch.indexOfPrecondition(result.failedPrecondition());
      throw HttpException.of(
          Status.PRECONDITION_FAILED,
          "Element "
              + index
              + " of the batch has a precondition that does not hold; nothing was changed.");
    }
    return Body.json(batch.answer(result));
  }
}
