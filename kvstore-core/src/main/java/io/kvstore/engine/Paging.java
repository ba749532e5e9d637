package io.kvstore.engine;

import io.kvstore.CorruptStoreException;
import io.kvstore.index.Slot;
import io.kvstore.platform.LongList;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.StoredRecord;
import io.kvstore.stripe.OrderedKeys;
import io.kvstore.stripe.Stripe;
import io.kvstore.stripe.Stripes;
import io.kvstore.stripe.StripesSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a cursor scan: in an ordered store over the keys in order, otherwise over stripes and
 * tags, whose order never changes. For one call.
 */
public final class Paging {
  /** The approximate maximum number of records that a page examines. */
  private static final int MAX_LOOKED_AT = 10_000;

  /** The approximate maximum size of the records of a page, in bytes. */
  private static final int MAX_TAKEN_BYTES = 1 << 20;

  private static final int AT_ONCE = 256;

  private final Stripes stripes;
  private final ByteRange range;
  private final int limit;
  private final List<StoredRecord> found = new ArrayList<>();
  private int lookedAt;
  private long takenBytes;
  private @Nullable String next;

  public Paging(Stripes stripes, ByteRange range, int limit) {
    this.stripes = stripes;
    this.range = range;
    this.limit = limit;
  }

  public List<StoredRecord> found() {
    return found;
  }

  /** Returns the cursor of the next page, or null if there is none. */
  public @Nullable String next() {
    return next;
  }

  /** Collects the entries of the page after a cursor, or of the first page. */
  public void run(@Nullable String cursor) {
    OrderedKeys ordered = stripes.ordered();
    if (ordered != null) {
      byte[] key = cursor == null ? null : Cursor.key(cursor);
      inOrder(ordered, key == null ? range : range.behind(key));
      return;
    }
    int stripe = cursor == null ? 0 : Cursor.stripe(cursor, stripes.count());
    int tag = cursor == null ? 0 : Cursor.tag(cursor);
    StripesSnapshot snapshot = stripes.snapshots().open();
    try {
      byTag(stripe, tag, snapshot);
    } finally {
      snapshot.close();
    }
  }

  private void inOrder(OrderedKeys ordered, ByteRange rest) {
    for (byte[] key : rest.of(ordered.all())) {
      StoredRecord record = find(key);
      if (record != null) {
        add(record);
      }
      if (isFull() || ++lookedAt == MAX_LOOKED_AT) {
        next = Cursor.behind(key);
        return;
      }
    }
  }

  private @Nullable StoredRecord find(byte[] key) {
    try {
      return stripes.copy(key);
    } catch (CorruptStoreException e) {
      return null; // the damage has been reported, and must not block the following pages
    }
  }

  private void byTag(int firstStripe, int firstTag, StripesSnapshot snapshot) {
    LongList slots = new LongList();
    int from = firstTag;
    for (int i = firstStripe; i < stripes.count(); i++) {
      Stripe stripe = stripes.get(i);
      for (int to; from < Slot.TAGS; from = to) {
        if (isFull() || lookedAt >= MAX_LOOKED_AT) {
          next = Cursor.at(i, from);
          return;
        }
        int wanted = Math.min(AT_ONCE, limit - found.size());
        to = Math.min(Slot.TAGS, from + stripe.index().tagsFor(wanted));
        slots.clear();
        stripe.addSlots(from, to, snapshot.sequence(), slots);
        to = take(slots, snapshot, to);
      }
      from = 0;
    }
  }

  /** Adds the entries in the range, all of a tag or none, and returns the tag after the last. */
  private int take(LongList slots, StripesSnapshot snapshot, int to) {
    slots.sortUnsigned();
    for (int i = 0; i < slots.size(); i++) {
      long slot = slots.get(i);
      if (isFull() && Slot.tag(slot) != Slot.tag(slots.get(i - 1))) {
        return (int) Slot.tag(slot);
      }
      RecordView record = stripes.record(Slot.location(slot));
      if (!record.isWhole()) {
        stripes.reportDamage(record);
      } else if (snapshot.shows(record) && range.contains(record.key())) {
        add(record.copy()); // a copy, since the snapshot is closed at the end of this call
      }
      lookedAt++;
    }
    return to;
  }

  private void add(StoredRecord record) {
    found.add(record);
    takenBytes += record.size();
  }

  private boolean isFull() {
    return found.size() >= limit || takenBytes >= MAX_TAKEN_BYTES;
  }
}
