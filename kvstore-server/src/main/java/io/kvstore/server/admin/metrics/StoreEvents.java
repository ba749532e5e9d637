package io.kvstore.server.admin.metrics;

import io.kvstore.KvStoreException;
import io.kvstore.StoreListener;
import io.kvstore.server.net.Latencies;
import io.kvstore.server.net.LatencyHistogram;
import java.time.Duration;

/**
 * Counts what {@link io.kvstore.StoreStats} does not: how long each sync took, and what goes wrong
 * in the background. The store tells on one thread; any may read.
 */
public final class StoreEvents implements StoreListener {
  private final Health health;
  private final LatencyHistogram syncs = new LatencyHistogram();
  private final LatencyHistogram compactions = new LatencyHistogram();
  private volatile long compactionFailures;
  private volatile long brakes;
  private volatile boolean braking;
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
  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  public void onCompactionFailure(Throwable cause, Duration pause) {
    compactionFailures++;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  public void onBrake(boolean brakes) {
    braking = brakes;
    if (brakes) {
      this.brakes++;
    }
  }

  @Override
  public void onWriteFailure(KvStoreException cause) {
    health.rejectsWrites(String.valueOf(cause.getMessage()));
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
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

  long brakes() {
    return brakes;
  }

  boolean isBraking() {
    return braking;
  }

  long missedEvents() {
    return missedEvents;
  }
}
