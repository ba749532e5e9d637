package io.kvstore.engine;

import io.kvstore.StoreFullException;
import io.kvstore.log.DeadlineScan;
import io.kvstore.log.Log;
import io.kvstore.log.RecordView;

/**
 * Deletes what has expired, so that it takes no more space: nobody sees it any more anyway. The
 * delete is one like any other, with a version of its own. For one thread of the store.
 */
final class ExpirySweep {
  private final Stripes stripes;
  private final Expiry expiry;
  private final DeadlineScan scan;

  ExpirySweep(Log log, Stripes stripes, Expiry expiry) {
    this.stripes = stripes;
    this.expiry = expiry;
    this.scan = new DeadlineScan(log);
  }

  /**
   * Deletes expired entries.
   *
   * @param all whether to look everywhere, and not only where it is time to
   */
  void run(boolean all) {
    long nowMillis = expiry.nowMillis();
    try {
      scan.run(nowMillis, all, (put, location) -> sweep(put, location, nowMillis));
    } catch (StoreFullException e) {
      // Even for deletes: compaction may make room for the next time.
    }
  }

  private void sweep(RecordView put, long location, long nowMillis) {
    byte[] key = put.key();
    stripes.sweep(stripes.hash(key), key, location, nowMillis);
  }
}
