package io.kvstore.stripe;

import io.kvstore.BatchResult;
import io.kvstore.StoreStats;
import io.kvstore.compaction.IndexAccess;
import io.kvstore.index.KeyHash;
import io.kvstore.index.KeyIndex;
import io.kvstore.log.Log;
import io.kvstore.log.Publisher;
import io.kvstore.record.Change;
import io.kvstore.record.LogRecord;
import io.kvstore.record.PutRecord;
import io.kvstore.segment.RecordReads;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentReused;
import io.kvstore.segment.StoredRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The striped map: encoded keys and values, each key in the stripe that its hash selects. */
public final class Stripes implements StoredRecords {
  private final Log log;
  private final KeyHash keyHash;
  private final Expiry expiry;
  private final Stripe[] stripes;
  private final Stripe.Shared shared;
  private final Watches watches = new Watches();
  private final OperationCounters counters = new OperationCounters();

  private final ChangePublisher publisher;
  private final StripeSnapshots snapshots;

  private @Nullable RoomMaker roomMaker;
  private Runnable requireOpen =
      new Runnable() {
        @Override
        public void run() {}
      };

  public Stripes(KeyHash keyHash, KeyIndex[] indexes, Stripe.Shared shared) {
    this.log = shared.log();
    this.keyHash = keyHash;
    this.shared = shared;
    this.expiry = shared.expiry();
    this.stripes = new Stripe[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      stripes[i] = new Stripe(shared, indexes[i]);
    }
    this.publisher = new ChangePublisher(this, shared, watches);
    this.snapshots = new StripeSnapshots(this, shared);
  }

  public Stripe stripe(long hash) {
    return stripes[KeyHash.stripeOf(hash, stripes.length)];
  }

  public long hash(byte[] key) {
    return keyHash.of(key);
  }

  /** Returns the value of a key, or null if it has none. */
  public byte @Nullable [] value(byte[] key) {
    long hash = keyHash.of(key);
    Stripe stripe = stripe(hash);
    for (; ; ) {
      try {
        RecordView record = stripe.find(hash, key);
        return record == null ? null : record.value();
      } catch (SegmentReused e) {
        requireOpen.run(); // and retry: compaction has moved the record meanwhile
      }
    }
  }

  /**
   * Returns the result of a function on the record of a key, or null if it has none. The function
   * may be called again, since the record may be moved meanwhile.
   */
  public <T> @Nullable T read(byte[] key, Function<RecordView, T> function) {
    long hash = keyHash.of(key);
    Stripe stripe = stripe(hash);
    for (; ; ) {
      try {
        RecordView record = stripe.find(hash, key);
        return record == null ? null : function.apply(record);
      } catch (SegmentReused e) {
        requireOpen.run();
      }
    }
  }

  @Override
  public @Nullable StoredRecord copy(byte[] key) {
    return read(key, RecordReads.COPY);
  }

  // ---- changes; each first waits for room, before it acquires a lock

  /** Sets the check that throws once the store has been closed; before the first reader. */
  public void requireOpenBy(Runnable check) {
    requireOpen = check;
  }

  /** Runs changes that may find the store full. */
  public interface RoomMaker {
    /** Runs a change, and makes room first if there is none. */
    <T> T withRoom(Supplier<T> change);
  }

  /** Sets the room maker of a store with a limit; before the first change. */
  public void limitedBy(RoomMaker maker) {
    this.roomMaker = maker;
  }

  private <T> T withRoom(Supplier<T> change) {
    log.awaitRoom();
    RoomMaker maker = roomMaker;
    T result = maker == null ? change.get() : maker.withRoom(change);
    watches.changed();
    return result;
  }

  public CompletableFuture<Void> put(byte[] key, byte[] value) {
    return put(key, value, Long.MAX_VALUE);
  }

  /**
   * Writes a put.
   *
   * @param deadline as in {@link PutRecord#deadline()}
   */
  public CompletableFuture<Void> put(byte[] key, byte[] value, long deadline) {
    byte[] ownKey = own(key);
    byte[] ownValue = own(value);
    long hash = keyHash.of(ownKey);
    // Each attempt creates a record of its own.
    CompletableFuture<Void> done =
        withRoom(
            new Supplier<>() {
              @Override
              public CompletableFuture<Void> get() {
                return stripe(hash).put(hash, LogRecord.put(ownKey, ownValue, deadline));
              }
            });
    counters.put();
    return done;
  }

  /** Writes a change if a condition holds. */
  public Decided write(Change change, Condition condition) {
    return decide(
        change.key(),
        new Decision() {
          @Override
          public @Nullable LogRecord decide(byte[] key, @Nullable PutRecord found) {
            return condition.holds(found) ? change.newRecord() : null;
          }
        },
        true);
  }

  /** Deletes the entry of a key, if it has one; the earlier record is not returned. */
  public Decided delete(byte[] key) {
    Change delete = newDelete(key);
    return decide(
        delete.key(),
        new Decision() {
          @Override
          public @Nullable LogRecord decide(byte[] own, @Nullable PutRecord found) {
            return found == null ? null : delete.newRecord();
          }
        },
        false);
  }

  /** Writes the change that is decided from the latest record of a key. */
  public Decided update(byte[] key, Decision decision) {
    return decide(own(key), decision, true);
  }

  private Decided decide(byte[] key, Decision decision, boolean keepsBefore) {
    long hash = keyHash.of(key);
    Decided decided =
        withRoom(
            new Supplier<>() {
              @Override
              public Decided get() {
                return stripe(hash).update(hash, key, decision, keepsBefore);
              }
            });
    LogRecord change = decided.change();
    if (change != null) {
      counters.written(change.isTombstone());
    }
    return decided;
  }

  /** Returns the precedence for writers of a key. */
  public Precedence precedence(byte[] key) {
    return stripe(keyHash.of(key)).precedence();
  }

  /** Writes a batch, all or nothing. */
  public BatchWrite.Written write(BatchWrite.Encoded batch) {
    int checks = batch.checks().size();
    long[] hashes = new long[checks + batch.changes().size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] =
          keyHash.of(
              i < checks ? batch.checks().get(i).key() : batch.changes().get(i - checks).key());
      stripe(hashes[i]).precedence().giveWay();
    }
    BatchWrite.Written written =
        withRoom(
            new Supplier<>() {
              @Override
              public BatchWrite.Written get() {
                return new BatchWrite(Stripes.this, log, batch, hashes).run();
              }
            });
    if (written.result().applied()) {
      counters.batchApplied();
      count(batch.changes(), written.result().outcomes());
    } else {
      counters.refused();
    }
    return written;
  }

  private void count(List<Change> changes, List<BatchResult.Outcome> outcomes) {
    for (int i = 0; i < changes.size(); i++) {
      if (outcomes.get(i).version() != 0) {
        counters.written(changes.get(i).isDelete());
      }
    }
  }

  /** Removes an entry that has expired; see {@link Stripe#sweep}. */
  public boolean sweep(long hash, byte[] key, long location, long nowMillis) {
    log.awaitRoom();
    boolean swept = stripe(hash).sweep(hash, key, location, nowMillis);
    watches.changed();
    if (swept) {
      counters.swept();
    }
    return swept;
  }

  /** Returns a put with arrays that no caller can modify while it is pending. */
  public Change newPut(byte[] key, byte[] value) {
    return Change.put(own(key), own(value));
  }

  /** Returns a put with deadline and label. */
  public Change newPut(byte[] key, byte[] value, long deadline, @Nullable String label) {
    return Change.put(own(key), own(value), deadline, label);
  }

  /** Returns a delete. */
  public Change newDelete(byte[] key) {
    return Change.delete(own(key));
  }

  private byte[] own(byte[] bytes) {
    return shared.publishesLater() ? bytes.clone() : bytes;
  }

  HeldStripes lock(long[] hashes) {
    return HeldStripes.lock(stripes, hashes);
  }

  /** Returns the access of compaction to the indexes. */
  public IndexAccess liveRecords() {
    return new IndexUpdater(keyHash, stripes, shared.snapshots());
  }

  /** Returns the publisher that makes synced changes visible. */
  public Publisher publisher() {
    return publisher;
  }

  /** Returns the last change that may be visible; it may not be in its index yet. */
  public long shownSequence() {
    return publisher.sequence();
  }

  /** Returns the snapshots, which also run short actions without concurrent changes. */
  public StripeSnapshots snapshots() {
    return snapshots;
  }

  /** Throws if the store has been closed. */
  void requireOpen() {
    requireOpen.run();
  }

  // ---- watches

  public Watches watches() {
    return watches;
  }

  /** Waits for a change of a key that is in progress. */
  public void settle(byte[] key) {
    stripe(keyHash.of(key)).settle();
  }

  /** Returns the ordered index, or null if there is none. */
  public @Nullable OrderedKeys ordered() {
    return shared.ordered();
  }

  /**
   * Loads the indexes that opening has deferred, so that no caller has to; stops if the store
   * closes.
   */
  public void loadIndexes(Runnable requireOpen) {
    for (Stripe stripe : stripes) {
      requireOpen.run();
      stripe.index().load();
    }
  }

  public int count() {
    return stripes.length;
  }

  public Stripe get(int stripe) {
    return stripes[stripe];
  }

  /** Reports a damaged record. */
  public void reportDamage(RecordView record) {
    var unused = log.segments().damaged(record);
  }

  public RecordView record(long location) {
    return log.segments().at(location);
  }

  /** Returns the record at a location; null, or another record, if it was dropped meanwhile. */
  @Nullable RecordView recordUnchecked(long location) {
    return log.segments().find(location);
  }

  public long size() {
    long size = 0;
    for (Stripe stripe : stripes) {
      size += stripe.index().entries();
    }
    return size;
  }

  public OperationCounters counters() {
    return counters;
  }

  public StoreStats.Index indexStats() {
    long bytes = 0;
    long slots = 0;
    for (Stripe stripe : stripes) {
      bytes += stripe.index().heapBytes();
      slots += stripe.index().slots();
    }
    return new StoreStats.Index(bytes, slots);
  }

  /**
   * Returns an iterator over the records of all entries, which reads a range of an index at a time.
   */
  @Override
  public RecordIterator records() {
    return new RecordIterator(stripes, expiry);
  }
}
