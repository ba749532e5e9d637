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
 * The increment of an entry whose value is a number: decimal text, as the Redis protocol has it, so
 * that both protocols count the same entries. The sum is written if the entry is still what was
 * read, or else everything is done anew. Deadline and label stay.
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

  /** Whether this is what a POST is for. */
  static boolean isAsked(EntryRequest request) {
    return request.query().has(PARAMETER);
  }

  /**
   * Starts to add.
   *
   * @param executor for attempts after the first
   * @return completes with the sum, or an {@link HttpException}
   * @throws HttpException if it is clear already that nothing can be added
   */
  static CompletableFuture<Body> start(
      KvStore<byte[], byte[]> store, EntryRequest request, byte[] body, Executor executor) {
    String text = String.valueOf(request.query().get(PARAMETER));
    byte[] digits = text.getBytes(StandardCharsets.UTF_8);
    if (!Numbers.isLong(digits, 0, digits.length)) {
      throw HttpException.of(
          Status.BAD_REQUEST, "The parameter increment is not a whole number of 64 bits.");
    }
    if (body.length > 0) {
      throw HttpException.of(Status.BAD_REQUEST, "An increment takes no body.");
    }
    long delta = Numbers.toLong(digits, 0, digits.length);
    return new CounterIncrement(store, request, executor, delta).attempt(1);
  }

  private CompletableFuture<Body> attempt(int number) {
    @Nullable ValueView view = store.view(request.key());
    request.options().preconditions().check(view == null ? Preconditions.ABSENT : view.version());
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
          "Other writes of this key came in between " + attempts + " times; nothing was changed.");
    }
    return attempt(attempts + 1);
  }

  private long sum(long before) {
    try {
      return Math.addExact(before, delta);
    } catch (ArithmeticException e) {
      throw HttpException.of(Status.CONFLICT, "The sum would be no number of 64 bits.");
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
    throw HttpException.of(
        Status.CONFLICT, "The value is not a whole number of 64 bits in decimal digits.");
  }
}
