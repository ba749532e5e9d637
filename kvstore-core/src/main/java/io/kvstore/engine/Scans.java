package io.kvstore.engine;

import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.segment.SegmentReused;
import io.kvstore.segment.StoredRecord;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The iterators and scans of a store or a snapshot.
 *
 * @param requireOpen throws once the store or the snapshot is closed
 */
record Scans<K, V>(CodecPair<K, V> codecs, RangeScan records, Runnable requireOpen) {

  Iterator<Entry<K, V>> iterator() {
    requireOpen.run();
    return entries(records.all().records());
  }

  Iterable<Entry<K, V>> scan(KeyRange<K> range) {
    ByteRange bytes = codecs.range(range);
    requireOpen.run();
    return new Iterable<>() {
      @Override
      public Iterator<Entry<K, V>> iterator() {
        return entries(records.records(bytes));
      }
    };
  }

  @Nullable Entry<K, V> first(KeyRange<K> range) {
    ByteRange bytes = codecs.range(range);
    requireOpen.run();
    StoredRecord record = records.first(bytes);
    if (record == null) {
      requireOpen.run();
      return null;
    }
    return codecs.entry(record);
  }

  /** Throws that the snapshot is closed, if it is: an open one keeps all of its segments. */
  private SegmentReused explained(SegmentReused e) {
    requireOpen.run();
    return e;
  }

  private Iterator<Entry<K, V>> entries(Iterator<? extends StoredRecord> found) {
    requireOpen.run();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        requireOpen.run();
        try {
          boolean more = found.hasNext();
          if (!more) {
            requireOpen.run(); // after a close the records end too soon
          }
          return more;
        } catch (SegmentReused e) {
          throw explained(e);
        }
      }

      @Override
      public Entry<K, V> next() {
        requireOpen.run();
        try {
          return codecs.entry(found.next());
        } catch (SegmentReused e) {
          throw explained(e);
        }
      }
    };
  }
}
