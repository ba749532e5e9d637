package io.kvstore.engine;

import io.kvstore.log.RecordView;
import io.kvstore.log.Segments;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of all entries but expired ones, a stretch of an index at a time. For one
 * thread at a time.
 */
final class RecordIterator implements Iterator<RecordView> {
  private final Segments segments;
  private final Stripe[] stripes;
  private final Expiry expiry;
  private int stripe;
  private int tag;
  private long[] locations = {};
  private int next;
  private @Nullable RecordView ahead;

  RecordIterator(Segments segments, Stripe[] stripes, Expiry expiry) {
    this.segments = segments;
    this.stripes = stripes;
    this.expiry = expiry;
  }

  @Override
  public boolean hasNext() {
    while (ahead == null && hasLocation()) {
      RecordView record = segments.at(locations[next++]);
      ahead = expiry.live(record) == null ? null : record;
    }
    return ahead != null;
  }

  private boolean hasLocation() {
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
    if (!hasNext() || ahead == null) {
      throw new NoSuchElementException();
    }
    RecordView record = ahead;
    ahead = null;
    return record;
  }
}
