package io.kvstore.stripe;

import io.kvstore.StoreStats;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The counters of the operations of callers: exact, and without contention. */
public final class OperationCounters {
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder swept = new LongAdder();

  public void read(@Nullable Object found) {
    (found == null ? misses : hits).increment();
  }

  void put() {
    puts.increment();
  }

  void written(boolean isDelete) {
    (isDelete ? deletes : puts).increment();
  }

  void batchApplied() {
    batches.increment();
  }

  public void refused() {
    refusals.increment();
  }

  void swept() {
    swept.increment();
  }

  public StoreStats.Operations stats() {
    return new StoreStats.Operations(
        hits.sum(),
        misses.sum(),
        puts.sum(),
        deletes.sum(),
        batches.sum(),
        refusals.sum(),
        swept.sum());
  }
}
