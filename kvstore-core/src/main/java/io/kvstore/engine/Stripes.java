package io.kvstore.engine;

import io.kvstore.log.Log;
import io.kvstore.log.LogRecord;
import io.kvstore.log.RecordView;
import io.kvstore.log.StoreThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The striped maps: keys and values as bytes, each key in the stripe that its hash picks. */
final class Stripes {
  private final Log log;
  private final KeyHash keyHash;
  private final Stripe[] stripes;
  private final Stripe.Shared shared;
  private final Watches watches = new Watches();

  /** The last change that has been published, where that is done later; under its stripe's lock. */
  private volatile long published;

  Stripes(KeyHash keyHash, KeyIndex[] indexes, Stripe.Shared shared) {
    this.log = shared.log();
    this.keyHash = keyHash;
    this.shared = shared;
    this.published = log.sequence();
    this.stripes = new Stripe[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      stripes[i] = new Stripe(shared, indexes[i]);
    }
  }

  /** Returns the stripe of a hash: its lowest bits, since the index uses the highest. */
  static int stripeOf(long hash, int stripes) {
    return (int) hash & stripes - 1;
  }

  private Stripe stripe(long hash) {
    return stripes[stripeOf(hash, stripes.length)];
  }

  @Nullable RecordView find(byte[] key) {
    long hash = keyHash.of(key);
    return stripe(hash).find(hash, key);
  }

  CompletableFuture<Void> put(byte[] key, byte[] value) {
    log.awaitRoom();
    long hash = keyHash.of(key);
    CompletableFuture<Void> done = stripe(hash).put(hash, LogRecord.put(own(key), value));
    watches.changed();
    return done;
  }

  CompletableFuture<Boolean> delete(byte[] key) {
    log.awaitRoom();
    long hash = keyHash.of(key);
    CompletableFuture<Boolean> done = stripe(hash).delete(hash, LogRecord.tombstone(own(key)));
    watches.changed();
    return done;
  }

  /** Returns a key that no caller can change while the change is pending. */
  private byte[] own(byte[] key) {
    return shared.publishesLater() ? key.clone() : key;
  }

  void publish(LogRecord change) {
    long hash = keyHash.of(change.key());
    Stripe stripe = stripe(hash);
    stripe.lock().lock();
    try {
      stripe.publish(hash, change);
      published = change.sequence();
    } finally {
      stripe.lock().unlock();
    }
    watches.changed();
  }

  // ---- watches

  Watches watches() {
    return watches;
  }

  /** Returns the last change that may be shown; it may be on its way into its index. */
  long shownSequence() {
    return shared.publishesLater() ? published : log.sequence();
  }

  /** Waits for a change of a key that is under way. */
  void settle(byte[] key) {
    ReentrantLock lock = stripe(keyHash.of(key)).lock();
    lock.lock();
    try {
      // Whoever held the lock has changed the index by now.
    } finally {
      lock.unlock();
    }
  }

  // ---- moments

  /**
   * Runs something short while no change is under way: every change up to the sequence it is given
   * is in the indexes, and none after it.
   */
  <T> T still(LongFunction<T> action) {
    int locked = 0;
    try {
      for (; locked < stripes.length; locked++) {
        stripes[locked].lock().lock();
      }
      return action.apply(shownSequence());
    } finally {
      while (locked > 0) {
        stripes[--locked].lock().unlock();
      }
    }
  }

  /** Opens a snapshot; to be called by what {@link #still} runs, with the sequence it is given. */
  StripesSnapshot snapshotAt(long sequence) {
    shared.snapshots().add(sequence);
    return new StripesSnapshot(this, sequence, size());
  }

  StripesSnapshot snapshot() {
    return still(this::snapshotAt);
  }

  @Nullable RecordView find(byte[] key, long sequence) {
    long hash = keyHash.of(key);
    return stripe(hash).find(hash, key, sequence);
  }

  void close(StripesSnapshot snapshot) {
    shared.snapshots().remove(snapshot.sequence());
    for (Stripe stripe : stripes) {
      stripe.purge();
    }
    if (shared.ordered() != null) {
      shared.ordered().purge(this::removeOrdered);
    }
  }

  private boolean removeOrdered(byte[] key) {
    long hash = keyHash.of(key);
    return stripe(hash).removeOrdered(hash, key);
  }

  /** Returns the keys in order, or null if the store does not keep them so. */
  @Nullable OrderedKeys ordered() {
    return shared.ordered();
  }

  /** Fills {@link #ordered}, from the indexes of a store that nobody uses yet. */
  void fillOrdered(Path directory) throws IOException {
    OrderedKeys keys = shared.ordered();
    if (keys == null) {
      return;
    }
    AtomicInteger next = new AtomicInteger();
    StoreThread.runParallel(
        "order",
        directory,
        stripes.length,
        () -> {
          for (int i = next.getAndIncrement(); i < stripes.length; i = next.getAndIncrement()) {
            records(i, i + 1).forEachRemaining(record -> keys.add(record.key()));
          }
        });
  }

  int count() {
    return stripes.length;
  }

  Stripe get(int stripe) {
    return stripes[stripe];
  }

  RecordView record(long location) {
    return log.segments().at(location);
  }

  long size() {
    long size = 0;
    for (Stripe stripe : stripes) {
      size += stripe.index().entries();
    }
    return size;
  }

  long indexBytes() {
    long bytes = 0;
    for (Stripe stripe : stripes) {
      bytes += stripe.index().heapBytes();
    }
    return bytes;
  }

  /** Walks over the records of all entries, a stretch of an index at a time. */
  Iterator<RecordView> records() {
    return records(0, stripes.length);
  }

  private Iterator<RecordView> records(int from, int end) {
    return new Iterator<>() {
      private int stripe = from;
      private int tag;
      private long[] locations = {};
      private int next;

      @Override
      public boolean hasNext() {
        while (next == locations.length && stripe < end) {
          KeyIndex index = stripes[stripe].index();
          int to = Math.min(Slot.TAGS, tag + index.tagsPerScan());
          locations = index.locations(tag, to);
          next = 0;
          tag = to == Slot.TAGS ? 0 : to;
          stripe += to == Slot.TAGS ? 1 : 0;
        }
        return next < locations.length;
      }

      @Override
      public RecordView next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return log.segments().at(locations[next++]);
      }
    };
  }
}
