package io.kvstore.stripe;

import io.kvstore.ClosedStoreException;
import io.kvstore.index.Slot;
import io.kvstore.platform.LongList;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentReused;
import io.kvstore.segment.StoredRecord;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * All entries as they were at one sequence. Whatever has not changed since is found in the index;
 * what has, in the {@link VersionHistory} of its stripe, where the change has left it.
 */
public final class StripesSnapshot {
  private final Stripes stripes;
  private final long sequence;
  private final long millis;
  private final long size;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param millis the time at which the snapshot is opened: what has expired by then is absent
   */
  StripesSnapshot(Stripes stripes, long sequence, long millis) {
    this.stripes = stripes;
    this.sequence = sequence;
    this.millis = millis;
    this.size = stripes.size();
  }

  public long sequence() {
    return sequence;
  }

  public long size() {
    return size;
  }

  public @Nullable StoredRecord find(byte[] key) {
    StoredRecord record = stripes.snapshots().copy(key, sequence);
    requireOpen();
    return record == null || Expiry.isOver(record, millis) ? null : record;
  }

  /** Tells whether a record that was found for this snapshot is older, and had not expired. */
  boolean shows(RecordView record) {
    return record.sequence() <= sequence && !Expiry.isOver(record, millis);
  }

  /** Throws if it has been closed: what was looked up since may be gone, or be something else. */
  private void requireOpen() {
    if (isClosed()) {
      throw new ClosedStoreException("the snapshot is closed");
    }
  }

  public boolean isClosed() {
    return closed.get();
  }

  /** Lets go of what only this snapshot shows; a second call does nothing. */
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stripes.snapshots().close(this);
    }
  }

  /** Walks over the records of all entries. */
  public Iterator<RecordView> records() {
    return new Records();
  }

  private final class Records implements Iterator<RecordView> {
    private final LongList slots = new LongList();
    private int stripe;
    private int tag;
    private int at;
    private @Nullable RecordView next;

    @Override
    public boolean hasNext() {
      while (next == null && (at < slots.size() || fetch())) {
        RecordView record = stripes.recordUnchecked(Slot.location(slots.get(at++)));
        requireOpen();
        next = isShown(Objects.requireNonNull(record)) ? record : null;
      }
      return next != null;
    }

    private boolean isShown(RecordView record) {
      try {
        record.check();
        return shows(record);
      } catch (SegmentReused e) {
        requireOpen();
        throw e;
      }
    }

    /** Gets the slots of the next range of tags; false if there is none. */
    private boolean fetch() {
      slots.clear();
      at = 0;
      while (slots.size() == 0 && stripe < stripes.count()) {
        Stripe from = stripes.get(stripe);
        int to = Math.min(Slot.TAGS, tag + from.index().tagsPerScan());
        from.addSlots(tag, to, sequence, slots);
        tag = to == Slot.TAGS ? 0 : to;
        stripe += to == Slot.TAGS ? 1 : 0;
      }
      return slots.size() > 0;
    }

    @Override
    public RecordView next() {
      RecordView found = hasNext() ? next : null;
      if (found == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return found;
    }
  }
}
