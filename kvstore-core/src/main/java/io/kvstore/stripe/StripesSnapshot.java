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
 * A snapshot: all entries as of one sequence. Entries that have not changed since are found in the
 * index, others in the {@link VersionHistory} of their stripe, to which the change has moved them.
 */
public final class StripesSnapshot implements StoredRecords {
  private final Stripes stripes;
  private final long sequence;
  private final long millis;
  private final long size;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param millis the time at which the snapshot is opened: entries expired by then are absent
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

  @Override
  public @Nullable StoredRecord copy(byte[] key) {
    StoredRecord record = stripes.snapshots().copy(key, sequence);
    requireOpen();
    return record == null || Expiry.isOver(record, millis) ? null : record;
  }

  /** Returns whether a record found for this snapshot is not newer than it, and had not expired. */
  public boolean shows(RecordView record) {
    return record.sequence() <= sequence && !Expiry.isOver(record, millis);
  }

  /** Throws if the snapshot is closed: records looked up since may be missing or wrong. */
  private void requireOpen() {
    if (isClosed()) {
      throw new ClosedStoreException("the snapshot is closed");
    }
  }

  public boolean isClosed() {
    return closed.get();
  }

  /** Closes the snapshot and releases what only it shows; a second call does nothing. */
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stripes.snapshots().close(this);
    }
  }

  @Override
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

    /** Reads the slots of the next range of tags; returns false if there is none. */
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
