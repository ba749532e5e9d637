package io.kvstore.stripe;

import io.kvstore.StoreStats;
import io.kvstore.platform.StackRoom;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentReused;
import io.kvstore.segment.SegmentTable;
import io.kvstore.segment.StoredRecord;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The snapshots of a store: opens and closes them, and drops the versions kept for closed ones. */
public final class StripeSnapshots {
  /** After this many snapshots closed before an older one, their versions are purged anyway. */
  private static final int MAX_UNPURGED = 64;

  private final Stripes stripes;
  private final Stripe.Shared shared;

  /** Snapshots that were closed while an older one was open. */
  private final AtomicInteger unpurged = new AtomicInteger();

  StripeSnapshots(Stripes stripes, Stripe.Shared shared) {
    this.stripes = stripes;
    this.shared = shared;
  }

  /**
   * Runs a short action while all stripes are locked, so that no change is in progress. The action
   * receives the last sequence: the indexes have every change up to it, and none after it.
   */
  public <T> T withoutChanges(LongFunction<T> action) {
    StackRoom.require();
    int locked = 0;
    try {
      for (; locked < stripes.count(); locked++) {
        stripes.get(locked).lock();
      }
      return action.apply(stripes.shownSequence());
    } finally {
      while (locked > 0) {
        stripes.get(--locked).unlock();
      }
    }
  }

  /**
   * Opens a snapshot; called by the action of {@link #withoutChanges}, with the sequence it
   * receives.
   */
  public StripesSnapshot openAt(long sequence) {
    for (int i = 0; i < stripes.count(); i++) {
      stripes.get(i).state().prepareSnapshot();
    }
    StripesSnapshot snapshot = new StripesSnapshot(stripes, sequence, shared.expiry().nowMillis());
    shared.snapshots().add(sequence);
    return snapshot;
  }

  public StripesSnapshot open() {
    return withoutChanges(
        new LongFunction<>() {
          @Override
          public StripesSnapshot apply(long sequence) {
            return openAt(sequence);
          }
        });
  }

  /** Returns a copy of the record that a key had at the sequence of an open snapshot, or null. */
  @Nullable StoredRecord copy(byte[] key, long sequence) {
    long hash = stripes.hash(key);
    for (; ; ) {
      try {
        RecordView record = stripes.stripe(hash).find(hash, key, sequence);
        return record == null ? null : record.copy();
      } catch (SegmentReused e) {
        stripes.requireOpen();
      }
    }
  }

  void close(StripesSnapshot snapshot) {
    OpenSnapshots open = shared.snapshots();
    boolean hasOlder = open.remove(snapshot.sequence());
    // Versions kept only for this one do no harm while an older snapshot keeps more: they are
    // dropped with that.
    if (!hasOlder || unpurged.incrementAndGet() % MAX_UNPURGED == 0) {
      purge();
    }
    // Only now: a concurrent purge may have read the open snapshots before this one was closed.
    open.release(snapshot.sequence());
    shared
        .log()
        .segments()
        .free(
            new LongSupplier() {
              @Override
              public long getAsLong() {
                return open.oldestHeld();
              }
            });
  }

  private void purge() {
    for (int i = 0; i < stripes.count(); i++) {
      stripes.get(i).purge();
    }
    if (shared.ordered() != null) {
      shared
          .ordered()
          .purge(
              new Predicate<>() {
                @Override
                public boolean test(byte[] key) {
                  return removeOrdered(key);
                }
              });
    }
  }

  private boolean removeOrdered(byte[] key) {
    long hash = stripes.hash(key);
    return stripes.stripe(hash).removeOrdered(hash, key);
  }

  public StoreStats.Snapshots stats() {
    int open = shared.snapshots().count();
    if (open == 0) {
      return new StoreStats.Snapshots(0, 0, 0, 0);
    }
    long history = 0;
    for (int i = 0; i < stripes.count(); i++) {
      history += stripes.get(i).historyEntries();
    }
    SegmentTable.Retired retired = shared.log().segments().retired();
    return new StoreStats.Snapshots(open, history, retired.segments(), retired.bytes());
  }
}
