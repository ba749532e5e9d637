package io.kvstore.stripe;

import io.kvstore.CorruptStoreException;
import io.kvstore.compaction.IndexAccess;
import io.kvstore.compaction.Relocations;
import io.kvstore.index.KeyHash;
import io.kvstore.index.Slot;
import io.kvstore.platform.LongList;
import io.kvstore.record.Location;
import java.util.Arrays;

/**
 * The access of compaction to the indexes of the stripes. Relocations are applied in short bursts
 * under a stripe's lock.
 */
public final class IndexUpdater implements IndexAccess {
  /** The number of relocations per acquisition of a lock. */
  private static final int BURST = 64;

  /** The average number of slots that are read while a stripe is locked. */
  private static final int SLOTS_AT_ONCE = 4096;

  private final KeyHash keyHash;
  private final Stripe[] stripes;
  private final OpenSnapshots snapshots;

  IndexUpdater(KeyHash keyHash, Stripe[] stripes, OpenSnapshots snapshots) {
    this.keyHash = keyHash;
    this.stripes = stripes;
    this.snapshots = snapshots;
  }

  @Override
  public void settle() {
    for (Stripe stripe : stripes) {
      stripe.settle();
    }
  }

  @Override
  public long hash(byte[] key, int length) {
    return keyHash.of(key, length);
  }

  @Override
  public long fetch(long[] hashes, int count) {
    long fetched = 0;
    for (int i = 0; i < count; i++) {
      fetched ^= stripes[stripeOf(hashes[i])].index().fetch(hashes[i]);
    }
    return fetched;
  }

  @Override
  public boolean isLive(long hash, long location) {
    return stripes[stripeOf(hash)].index().pointsAt(hash, location);
  }

  @Override
  public boolean pointsInto(int place, int from, int to) {
    LongList slots = new LongList();
    for (Stripe stripe : stripes) {
      int step = stripe.index().tagsFor(SLOTS_AT_ONCE);
      for (int tag = 0; tag < Slot.TAGS; tag += step) {
        slots.clear();
        // Including slots that only a snapshot shows.
        stripe.addSlots(tag, Math.min(Slot.TAGS, tag + step), 0, slots);
        for (int i = 0; i < slots.size(); i++) {
          if (Location.isWithin(Slot.location(slots.get(i)), place, from, to)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  @Override
  public long oldestSnapshot() {
    return snapshots.oldestHeld();
  }

  @Override
  public boolean hasEntry(long hash, byte[] key) {
    try {
      return stripes[stripeOf(hash)].find(hash, key) != null;
    } catch (CorruptStoreException e) {
      return false; // the record may be damaged: tombstones that hide older puts of its key are
      // kept
    }
  }

  @Override
  public void moved(Relocations moves) {
    inBursts(
        moves,
        new Burst() {
          @Override
          public void run(Stripe stripe, Relocations moves, int[] which) {
            stripe.moved(moves, which);
          }
        });
  }

  @Override
  public void revert(Relocations moves) {
    inBursts(
        moves,
        new Burst() {
          @Override
          public void run(Stripe stripe, Relocations moves, int[] which) {
            stripe.movedBack(moves, which);
          }
        });
  }

  private int stripeOf(long hash) {
    return KeyHash.stripeOf(hash, stripes.length);
  }

  /** An action on some relocations of one stripe. */
  @FunctionalInterface
  private interface Burst {
    void run(Stripe stripe, Relocations moves, int[] which);
  }

  private void inBursts(Relocations moves, Burst burst) {
    int[][] waiting = new int[stripes.length][];
    int[] counts = new int[stripes.length];
    for (int i = 0; i < moves.count(); i++) {
      if (moves.inIndex(i)) {
        int stripe = stripeOf(moves.hash(i));
        if (waiting[stripe] == null) {
          waiting[stripe] = new int[BURST];
        }
        waiting[stripe][counts[stripe]++] = i;
        if (counts[stripe] == BURST) {
          burst.run(stripes[stripe], moves, waiting[stripe]);
          counts[stripe] = 0;
        }
      }
    }
    for (int s = 0; s < stripes.length; s++) {
      if (counts[s] > 0) {
        burst.run(stripes[s], moves, Arrays.copyOf(waiting[s], counts[s]));
      }
    }
  }
}
