package io.kvstore.engine;

import io.kvstore.log.Log;
import io.kvstore.log.LogRecord;
import io.kvstore.log.RecordView;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The striped maps: keys and values as bytes, each key in the stripe that its hash picks. */
final class Stripes {
  private final Log log;
  private final KeyHash keyHash;
  private final Stripe[] stripes;
  private final boolean publishesLater;

  /**
   * @param publishesLater whether changes become visible only by {@link #publish}
   */
  Stripes(Log log, KeyHash keyHash, KeyIndex[] indexes, boolean publishesLater) {
    this.log = log;
    this.keyHash = keyHash;
    this.publishesLater = publishesLater;
    this.stripes = new Stripe[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      stripes[i] = new Stripe(log, indexes[i], publishesLater);
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
    return stripe(hash).put(hash, LogRecord.put(own(key), value));
  }

  CompletableFuture<Boolean> delete(byte[] key) {
    log.awaitRoom();
    long hash = keyHash.of(key);
    return stripe(hash).delete(hash, LogRecord.tombstone(own(key)));
  }

  /** Returns a key that no caller can change while the change is pending. */
  private byte[] own(byte[] key) {
    return publishesLater ? key.clone() : key;
  }

  void publish(LogRecord change) {
    long hash = keyHash.of(change.key());
    stripe(hash).publish(hash, change);
  }

  /** Waits for changes under way; the log takes no more. The indexes stay as they are then. */
  KeyIndex[] settled() {
    KeyIndex[] indexes = new KeyIndex[stripes.length];
    for (int i = 0; i < stripes.length; i++) {
      indexes[i] = stripes[i].settled();
    }
    return indexes;
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
    return new Iterator<>() {
      private int stripe;
      private int tag;
      private long[] locations = {};
      private int next;

      @Override
      public boolean hasNext() {
        while (next == locations.length && stripe < stripes.length) {
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
