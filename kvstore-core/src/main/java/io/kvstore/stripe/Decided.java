package io.kvstore.stripe;

import io.kvstore.platform.SharedSync;
import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import io.kvstore.segment.RecordView;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The result of a {@link Decision}.
 *
 * @param before the earlier record of the key; null if there was none, or if it was not requested
 * @param change the written change, or null if nothing was written
 * @param done completes when all that the result depends on is as durable as the store promises:
 *     the change, or the pending one because of which nothing was written
 */
public record Decided(
    @Nullable PutRecord before, @Nullable LogRecord change, CompletableFuture<Void> done) {

  /**
   * Returns a result with a copy of the earlier record, which compaction may move once the stripe
   * is unlocked.
   *
   * @param awaited the change that the result depends on, or null
   */
  static Decided of(
      @Nullable PutRecord before, @Nullable LogRecord change, @Nullable LogRecord awaited) {
    PutRecord kept = before instanceof RecordView view ? view.copy() : before;
    return new Decided(kept, change, awaited == null ? SharedSync.DONE : awaited.done());
  }

  public boolean isWritten() {
    return change != null;
  }
}
