package io.kvstore.stripe;

import io.kvstore.index.IndexScan;
import io.kvstore.index.KeyIndex;
import io.kvstore.index.Slot;
import io.kvstore.platform.StoreThread;
import io.kvstore.segment.RecordView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The ordered index of an ordered store: every key that has an entry, and some keys whose former
 * entry an open snapshot still shows. So readers look up each key in the index or the snapshot.
 * Changed under the lock of the key's stripe.
 */
public final class OrderedKeys {
  private final NavigableSet<byte[]> keys =
      new ConcurrentSkipListSet<>(
          new Comparator<>() {
            @Override
            public int compare(byte[] a, byte[] b) {
              return Arrays.compareUnsigned(a, b);
            }
          });
  private final Queue<byte[]> deleted = new ConcurrentLinkedQueue<>();

  /** Returns all keys; safe for iteration during changes. */
  public NavigableSet<byte[]> all() {
    return keys;
  }

  /** Adds the keys of all entries, before there can be changes. */
  public void fill(Path directory, Stripes stripes) throws IOException {
    AtomicInteger next = new AtomicInteger();
    StoreThread.runParallel(
        "order",
        directory,
        stripes.count(),
        new StoreThread.Work() {
          @Override
          public void run() throws IOException {
            for (int i = next.getAndIncrement(); i < stripes.count(); i = next.getAndIncrement()) {
              // Expired entries too: a put that finds one in the index adds no key.
              addKeys(stripes.get(i).index());
            }
          }
        });
  }

  private void addKeys(KeyIndex index) {
    for (int tag = 0, to; tag < Slot.TAGS; tag = to) {
      to = Math.min(Slot.TAGS, tag + index.tagsPerScan());
      for (RecordView record : IndexScan.records(index, tag, to)) {
        // Damaged records too: reading one reports the error.
        byte[] key = record.isWhole() ? record.key() : record.likelyKey();
        if (key != null) {
          add(key);
        }
      }
    }
  }

  /** Adds the key of a new entry. */
  void add(byte[] key) {
    keys.add(key.clone());
  }

  /** Removes a key without an entry, unless a snapshot may show it. */
  void remove(byte[] key, boolean shown) {
    try {
      if (shown) {
        deleted.add(key.clone());
      } else {
        keys.remove(key);
      }
    } catch (OutOfMemoryError e) {
      // The key stays, which costs only memory: scans look up each key.
    }
  }

  /**
   * Removes the keys that were kept only for snapshots; one at a time, so that no scan misses a
   * key.
   */
  synchronized void purge(Predicate<byte[]> remover) {
    Queue<byte[]> kept = new ArrayDeque<>();
    for (byte[] key = deleted.poll(); key != null; key = deleted.poll()) {
      if (!remover.test(key)) {
        kept.add(key);
      }
    }
    deleted.addAll(kept);
  }
}
