package io.kvstore.engine;

import io.kvstore.log.RecordView;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of a range of keys: in order where the store keeps its keys in order, and
 * else over all records, in whatever order they come.
 *
 * @param ordered null if the keys are not kept in order
 * @param finder looks a key up, in the store or in a snapshot
 * @param all walks over everything
 */
record RangeScan(
    @Nullable OrderedKeys ordered,
    Function<byte[], @Nullable RecordView> finder,
    Supplier<Iterator<RecordView>> all) {

  Iterator<RecordView> records(ByteRange range) {
    if (ordered == null) {
      return new Found<>(all.get(), record -> range.contains(record.key()) ? record : null);
    }
    return new Found<>(range.of(ordered.all()).iterator(), finder);
  }

  /** Returns the first record of a range, in its direction, or null if there is none. */
  @Nullable RecordView first(ByteRange range) {
    if (ordered == null) {
      throw new UnsupportedOperationException(
          "the store does not keep its keys in order: open it with KvStoreBuilder.ordered()");
    }
    NavigableSet<byte[]> keys = range.of(ordered.all());
    for (byte[] key : keys) {
      RecordView record = finder.apply(key);
      if (record != null) {
        return record;
      }
    }
    return null;
  }

  /** What a function finds for each of some things, where it finds anything. */
  private static final class Found<T> implements Iterator<RecordView> {
    private final Iterator<T> from;
    private final Function<T, @Nullable RecordView> finder;
    private @Nullable RecordView next;

    Found(Iterator<T> from, Function<T, @Nullable RecordView> finder) {
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
