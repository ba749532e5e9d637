package io.kvstore.stripe;

import io.kvstore.platform.SharedSync;
import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import io.kvstore.segment.RecordView;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a {@link Decision}.
 *
 * @param before what the key held, or null for nothing or if nobody wants to know
 * @param change what was written, or null if nothing was
 * @param done completes when all that the answer rests on is as safe as the store promises: the
 *     change, or the pending one that was the reason for none
 */
public record Decided(
    @Nullable PutRecord before, @Nullable LogRecord change, CompletableFuture<Void> done) {

  /**
   * Returns the same of what lies in the log, which may be moved once the stripe is unlocked.
   *
   * @param awaited the change that the answer rests on, or null
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
