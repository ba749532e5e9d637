package io.kvstore.stripe;

import io.kvstore.log.Log;
import io.kvstore.log.Publisher;
import io.kvstore.record.LogRecord;
import java.util.List;

/**
 * The publisher that makes changes visible; those that wait for a sync, once the log's writer has
 * synced them. Used by one thread at a time, except for {@link #sequence}.
 */
final class ChangePublisher implements Publisher {
  private final Stripes stripes;
  private final Watches watches;

  /** The maximum number of attempts to show a batch before its locks are released. */
  private static final int MAX_SHOW_ATTEMPTS = 10;

  private final Log log;
  private final boolean publishesLater;

  /**
   * The last visible change, if changes become visible after their sync; written under its stripe's
   * lock.
   */
  private volatile long published;

  /** The last change of the current batch that is in its index. */
  private long shown;

  ChangePublisher(Stripes stripes, Stripe.Shared shared, Watches watches) {
    this.stripes = stripes;
    this.watches = watches;
    this.log = shared.log();
    this.publishesLater = shared.publishesLater();
    this.published = log.sequence();
  }

  @Override
  public void publish(LogRecord change) {
    long hash = stripes.hash(change.key());
    Stripe stripe = stripes.stripe(hash);
    stripe.lock();
    try {
      stripe.state().show(hash, change, false);
      shown = change.sequence();
      published = shown;
    } finally {
      stripe.unlock();
    }
    watches.changed();
  }

  @Override
  public void publish(List<LogRecord> batch) {
    long[] hashes = new long[batch.size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = stripes.hash(batch.get(i).key());
    }
    boolean[] superseded = HeldStripes.superseded(batch, hashes);
    HeldStripes held = stripes.lock(hashes);
    try {
      for (int attempt = 1; !isShown(batch); attempt++) {
        show(batch, hashes, superseded, attempt == MAX_SHOW_ATTEMPTS);
      }
      published = shown;
    } finally {
      held.close();
    }
    watches.changed();
  }

  private boolean isShown(List<LogRecord> batch) {
    return shown >= batch.get(batch.size() - 1).sequence();
  }

  /**
   * Makes those changes of a batch visible that an earlier attempt has not reached. All of it is
   * durable by now, and readers must not see a part of it, even of a store that has failed.
   *
   * @param isLast whether to throw what ends the attempt
   */
  private void show(List<LogRecord> batch, long[] hashes, boolean[] superseded, boolean isLast) {
    try {
      for (int i = 0; i < hashes.length; i++) {
        if (batch.get(i).sequence() > shown) {
          stripes.stripe(hashes[i]).state().show(hashes[i], batch.get(i), superseded[i]);
          shown = batch.get(i).sequence();
        }
      }
    } catch (Throwable e) {
      if (isLast) {
        throw e;
      }
    }
  }

  /** Returns the last change that may be visible; it may not be in its index yet. */
  long sequence() {
    return publishesLater ? published : log.sequence();
  }
}
