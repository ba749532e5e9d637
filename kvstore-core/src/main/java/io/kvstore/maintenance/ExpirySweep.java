package io.kvstore.maintenance;

import io.kvstore.StoreFullException;
import io.kvstore.StoreListener;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.segment.RecordView;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.Stripes;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The expiry sweep: deletes expired entries, which are no longer visible, so that their space can
 * be reclaimed. The delete is an ordinary one, with a version of its own. For one thread of the
 * store.
 */
public final class ExpirySweep {
  private final Stripes stripes;
  private final Expiry expiry;
  private final DeadlineScan scan;
  private final EventDispatcher events;
  private long count;

  public ExpirySweep(Log log, Stripes stripes, Expiry expiry, EventDispatcher events) {
    this.stripes = stripes;
    this.expiry = expiry;
    this.scan = new DeadlineScan(log);
    this.events = events;
  }

  /**
   * Deletes expired entries.
   *
   * @param all whether to scan all segments, and not only those that are due
   */
  void run(boolean all) {
    long nowMillis = expiry.nowMillis();
    long start = System.nanoTime();
    count = 0;
    try {
      scan.run(
          nowMillis,
          all,
          new DeadlineScan.Visitor() {
            @Override
            public void visit(RecordView put, long location) {
              sweep(put, location, nowMillis);
            }
          });
    } catch (StoreFullException e) {
      // There is no room even for deletes: compaction may make room for the next sweep.
    } finally {
      publish(start, count);
    }
  }

  private void publish(long start, long swept) {
    if (swept > 0) {
      Duration took = EventDispatcher.since(start);
      events.publish(
          new Consumer<>() {
            @Override
            public void accept(StoreListener listener) {
              listener.onSweep(took, swept);
            }
          });
    }
  }

  private void sweep(RecordView put, long location, long nowMillis) {
    byte[] key = put.key();
    if (stripes.sweep(stripes.hash(key), key, location, nowMillis)) {
      count++;
    }
  }
}
