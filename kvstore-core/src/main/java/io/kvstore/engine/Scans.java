package io.kvstore.engine;

import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.log.SegmentReused;
import io.kvstore.log.StoredRecord;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The walks over entries that a store offers, and a snapshot too.
 *
 * @param requireOpen throws when what is walked over has been closed
 */
record Scans<K, V>(Coding<K, V> coding, RangeScan records, Runnable requireOpen) {

  Iterator<Entry<K, V>> iterator() {
    requireOpen.run();
    return entries(records.all().get());
  }

  Iterable<Entry<K, V>> scan(KeyRange<K> range) {
    ByteRange bytes = coding.range(range);
    requireOpen.run();
    return () -> entries(records.records(bytes));
  }

  @Nullable Entry<K, V> first(KeyRange<K> range) {
    ByteRange bytes = coding.range(range);
    requireOpen.run();
    StoredRecord record = records.first(bytes);
    if (record == null) {
      requireOpen.run();
      return null;
    }
    return coding.entry(record);
  }

  private Entry<K, V> entry(StoredRecord record) {
    try {
      return coding.entry(record);
    } catch (SegmentReused e) {
      requireOpen.run(); // which is why: an open snapshot keeps what it shows
      throw e;
    }
  }

  private Iterator<Entry<K, V>> entries(Iterator<? extends StoredRecord> found) {
    requireOpen.run();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        requireOpen.run();
        boolean more = found.hasNext();
        if (!more) {
          requireOpen.run(); // what is closed meanwhile ends too soon
        }
        return more;
      }

      @Override
      public Entry<K, V> next() {
        requireOpen.run();
        return entry(found.next());
      }
    };
  }
}
