package io.kvstore.server.http.entry;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.KvStore;
import io.kvstore.ValueView;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Preconditions;
import io.kvstore.server.http.message.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A write of one entry as a batch, so that the store decides in one step whether it may be done,
 * and tells what was there before. What the store can't be asked at once (several tags, or tags
 * that must not be) is looked at first and made to depend on the version that was seen; if that has
 * changed, from the start.
 */
final class SingleBatch {
  private final KvStore<byte[], byte[]> store;
  private final EntryRequest request;
  private final byte @Nullable [] value;
  private final Executor executor;

  /**
   * Starts nothing yet.
   *
   * @param value to be put, or null for a delete
   * @param executor for attempts after the first
   */
  SingleBatch(
      KvStore<byte[], byte[]> store,
      EntryRequest request,
      byte @Nullable [] value,
      Executor executor) {
    this.store = store;
    this.request = request;
    this.value = value;
    this.executor = executor;
  }

  /**
   * Starts the write.
   *
   * @return completes with its result, which may be that it was refused, or with an {@link
   *     HttpException}
   * @throws HttpException if it is clear already that it is refused
   */
  CompletableFuture<BatchResult> write() {
    Batch<byte[], byte[]> batch = batch();
    return request.options().preconditions().require(batch, request.key())
        ? store.writeAsync(batch)
        : attempt(1);
  }

  private CompletableFuture<BatchResult> attempt(int number) {
    @Nullable ValueView view = store.view(request.key());
    long version = view == null ? Preconditions.ABSENT : view.version();
    request.options().preconditions().check(version);
    Batch<byte[], byte[]> batch = batch();
    if (version == Preconditions.ABSENT) {
      batch.requireAbsent(request.key());
    } else {
      batch.requireVersion(request.key(), version);
    }
    return store.writeAsync(batch).thenComposeAsync(result -> settled(result, number), executor);
  }

  private CompletableFuture<BatchResult> settled(BatchResult result, int attempts) {
    if (result.applied()) {
      return CompletableFuture.completedFuture(result);
    }
    if (attempts == HttpLimits.MAX_WRITE_ATTEMPTS) {
      throw HttpException.of(
          Status.UNAVAILABLE,
          "Other writes of this key came in between " + attempts + " times; nothing was changed.");
    }
    return attempt(attempts + 1);
  }

  private Batch<byte[], byte[]> batch() {
    Batch<byte[], byte[]> batch = store.batch();
    return value == null
        ? batch.delete(request.key())
        : batch.put(request.key(), value, request.options().put());
  }
}
