package io.kvstore.server.admin.metrics;

import io.kvstore.KvStoreException;
import io.kvstore.StoreFullException;
import io.kvstore.StoreListener;
import io.kvstore.server.net.Latencies;
import io.kvstore.server.net.LatencyHistogram;
import java.time.Duration;

/**
 * The counters of store events that {@link io.kvstore.StoreStats} does not have: latencies of syncs
 * and compactions, and failures in the background. Called by the store's event thread; read by any
 * thread.
 */
public final class StoreEvents implements StoreListener {
  private final Health health;
  private final LatencyHistogram syncs = new LatencyHistogram();
  private final LatencyHistogram compactions = new LatencyHistogram();
  private volatile long compactionFailures;
  private volatile long throttles;
  private volatile boolean throttling;
  private volatile long missedEvents;

  public StoreEvents(Health health) {
    this.health = health;
  }

  @Override
  public void onSync(Sync sync) {
    syncs.add(sync.took().toNanos(), 1);
  }

  @Override
  public void onCompaction(Compaction compaction) {
    compactions.add(compaction.took().toNanos(), 1);
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread only
  public void onCompactionFailure(Throwable cause, Duration pause) {
    compactionFailures++;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread only
  public void onBrake(boolean brakes) {
    throttling = brakes;
    if (brakes) {
      throttles++;
    }
  }

  @Override
  public void onWriteFailure(KvStoreException cause) {
    health.rejectsWrites(String.valueOf(cause.getMessage()));
  }

  @Override
  public void onFull(StoreFullException cause) {
    health.full(String.valueOf(cause.getMessage()));
  }

  @Override
  public void onRoom() {
    health.full(null);
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread only
  public void onMissedEvents(long count) {
    missedEvents += count;
  }

  Latencies syncs() {
    return syncs.latencies();
  }

  Latencies compactions() {
    return compactions.latencies();
  }

  long compactionFailures() {
    return compactionFailures;
  }

  long throttles() {
    return throttles;
  }

  boolean isThrottling() {
    return throttling;
  }

  long missedEvents() {
    return missedEvents;
  }
}
