package io.kvstore.engine;

import io.kvstore.segment.StoredRecord;
import io.kvstore.stripe.OrderedKeys;
import io.kvstore.stripe.StoredRecords;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A scan of the records of a range of keys: in key order in an ordered store, otherwise over all
 * records, in an unspecified order.
 *
 * @param ordered the ordered index, null if there is none
 * @param all the records, of the store or of a snapshot
 */
public record RangeScan(@Nullable OrderedKeys ordered, StoredRecords all) {

  public Iterator<? extends StoredRecord> records(ByteRange range) {
    if (ordered == null) {
      return new Found<StoredRecord>(
          all.records(),
          new Function<>() {
            @Override
            public @Nullable StoredRecord apply(StoredRecord record) {
              return range.contains(record.key()) ? record : null;
            }
          });
    }
    return new Found<>(
        range.of(ordered.all()).iterator(),
        new Function<>() {
          @Override
          public @Nullable StoredRecord apply(byte[] key) {
            return all.copy(key);
          }
        });
  }

  /** Returns the first record of a range, in its direction, or null if there is none. */
  public @Nullable StoredRecord first(ByteRange range) {
    if (ordered == null) {
      throw new UnsupportedOperationException(
          "the store does not keep its keys in order: open it with KvStoreBuilder.ordered()");
    }
    NavigableSet<byte[]> keys = range.of(ordered.all());
    for (byte[] key : keys) {
      StoredRecord record = all.copy(key);
      if (record != null) {
        return record;
      }
    }
    return null;
  }

  /** The non-null results of a function, for the elements of an iterator. */
  private static final class Found<T> implements Iterator<StoredRecord> {
    private final Iterator<? extends T> from;
    private final Function<T, @Nullable StoredRecord> finder;
    private @Nullable StoredRecord next;

    Found(Iterator<? extends T> from, Function<T, @Nullable StoredRecord> finder) {
      this.from = from;
      this.finder = finder;
    }

    @Override
    public boolean hasNext() {
      while (next == null && from.hasNext()) {
        next = finder.apply(from.next());
      }
      return next != null;
    }

    @Override
    public StoredRecord next() {
      StoredRecord found = hasNext() ? next : null;
      if (found == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return found;
    }
  }
}
