package io.kvstore.stripe;

import io.kvstore.index.IndexScan;
import io.kvstore.index.KeyIndex;
import io.kvstore.index.PinnedRecords;
import io.kvstore.index.Slot;
import io.kvstore.segment.RecordView;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An iterator over the records of all entries that have not expired. It reads a range of an index
 * at a time and holds its records meanwhile. For one thread at a time.
 */
public final class RecordIterator implements Iterator<RecordView>, AutoCloseable {
  private final Stripe[] stripes;
  private final Expiry expiry;
  private int stripe;
  private int tag;
  private final PinnedRecords found = new PinnedRecords();
  private int next;
  private @Nullable RecordView ahead;

  RecordIterator(Stripe[] stripes, Expiry expiry) {
    this.stripes = stripes;
    this.expiry = expiry;
  }

  @Override
  public boolean hasNext() {
    while (ahead == null && hasFound()) {
      RecordView record = found.get(next++);
      record.check(); // throws once: a caller that continues gets the following records
      ahead = expiry.live(record) == null ? null : record;
    }
    return ahead != null;
  }

  private boolean hasFound() {
    while (next == found.size() && stripe < stripes.length) {
      KeyIndex index = stripes[stripe].index();
      int to = Math.min(Slot.TAGS, tag + index.tagsPerScan());
      next = 0;
      IndexScan.records(index, tag, to, found);
      tag = to == Slot.TAGS ? 0 : to;
      stripe += to == Slot.TAGS ? 1 : 0;
    }
    if (next == found.size()) {
      close();
    }
    return next < found.size();
  }

  /** Releases the records; records returned from now on are invalid. */
  @Override
  public void close() {
    found.clear();
    next = 0;
  }

  @Override
  public RecordView next() {
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    RecordView record = ahead;
    ahead = null;
    return record;
  }
}
