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
 * A conditional write of one entry, as a batch, so that the store checks and writes atomically and
 * reports the previous state. Conditions that the store can't evaluate (several tags, or tags that
 * must not match) are evaluated first, and the write depends on the version read; if that has
 * changed, it is retried.
 */
final class SingleBatch {
  private final KvStore<byte[], byte[]> store;
  private final EntryRequest request;
  private final Preconditions preconditions;
  private final byte @Nullable [] value;
  private final Executor executor;

  /**
   * Creates a write, which is not started.
   *
   * @param value the value to put, or null for a delete
   * @param executor runs attempts after the first
   */
  SingleBatch(
      KvStore<byte[], byte[]> store,
      EntryRequest request,
      byte @Nullable [] value,
      Executor executor) {
    this.store = store;
    this.request = request;
    this.preconditions = request.options().preconditions().in(store);
    this.value = value;
    this.executor = executor;
  }

  /**
   * Starts the write.
   *
   * @return completes with its result, which may be a failed precondition, or with an {@link
   *     HttpException}
   * @throws HttpException if a precondition fails at once
   */
  CompletableFuture<BatchResult> write() {
    Batch<byte[], byte[]> batch = batch();
    return preconditions.require(batch, request.key()) ? store.writeAsync(batch) : attempt(1);
  }

  private CompletableFuture<BatchResult> attempt(int number) {
    @Nullable ValueView view = store.view(request.key());
    long version = view == null ? Preconditions.ABSENT : view.version();
    preconditions.check(version);
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
          "Other writes changed this key during each of "
              + attempts
              + " attempts; nothing was changed.");
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
