package io.kvstore.server.http.entry;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.ValueView;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Preconditions;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.Body;
import io.kvstore.server.net.Numbers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The increment of an entry whose value is a decimal number, as in the Redis protocol, so that both
 * protocols share counters. The sum is written on condition that the entry has not changed since it
 * was read; otherwise the increment is retried. Deadline and label stay.
 */
final class CounterIncrement {
  private static final String PARAMETER = "increment";

  private final KvStore<byte[], byte[]> store;
  private final EntryRequest request;
  private final Executor executor;
  private final long delta;

  private CounterIncrement(
      KvStore<byte[], byte[]> store, EntryRequest request, Executor executor, long delta) {
    this.store = store;
    this.request = request;
    this.executor = executor;
    this.delta = delta;
  }

  /** Whether a POST is an increment. */
  static boolean isAsked(EntryRequest request) {
    return request.query().has(PARAMETER);
  }

  /**
   * Starts an increment.
   *
   * @param executor runs attempts after the first
   * @return completes with the sum, or with an {@link HttpException}
   * @throws HttpException if the request is not valid
   */
  static CompletableFuture<Body> start(
      KvStore<byte[], byte[]> store, EntryRequest request, byte[] body, Executor executor) {
    String text = String.valueOf(request.query().get(PARAMETER));
    byte[] digits = text.getBytes(StandardCharsets.UTF_8);
    if (!Numbers.isLong(digits, 0, digits.length)) {
      throw HttpException.of(
          Status.BAD_REQUEST, "The parameter increment is not a 64-bit integer.");
    }
    if (body.length > 0) {
      throw HttpException.of(Status.BAD_REQUEST, "An increment has no body.");
    }
    long delta = Numbers.toLong(digits, 0, digits.length);
    return new CounterIncrement(store, request, executor, delta).attempt(1);
  }

  private CompletableFuture<Body> attempt(int number) {
    @Nullable ValueView view = store.view(request.key());
    request
        .options()
        .preconditions()
        .in(store)
        .check(view == null ? Preconditions.ABSENT : view.version());
    byte[] sum = Numbers.bytes(sum(view == null ? 0 : value(view)));
    Batch<byte[], byte[]> batch = store.batch();
    if (view == null) {
      batch.requireAbsent(request.key()).put(request.key(), sum, request.options().put());
    } else {
      PutOptions kept = new PutOptions(null, view.expiresAt(), view.label());
      batch.requireVersion(request.key(), view.version()).put(request.key(), sum, kept);
    }
    return store
        .writeAsync(batch)
        .thenComposeAsync(result -> settled(result, sum, number), executor);
  }

  private CompletableFuture<Body> settled(BatchResult result, byte[] sum, int attempts) {
    if (result.applied()) {
      return CompletableFuture.completedFuture(Body.text(sum));
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

  private long sum(long before) {
    try {
      return Math.addExact(before, delta);
    } catch (ArithmeticException e) {
      throw HttpException.of(Status.CONFLICT, "The sum would exceed 64 bits.");
    }
  }

  private static long value(ValueView view) {
    int length = view.bytes().remaining();
    if (length <= Numbers.MAX_BYTES) {
      byte[] digits = new byte[length];
      view.bytes().get(view.bytes().position(), digits);
      if (Numbers.isLong(digits, 0, length)) {
        return Numbers.toLong(digits, 0, length);
      }
    }
    throw HttpException.of(Status.CONFLICT, "The value is not a 64-bit integer in decimal digits.");
  }
}
