package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a hash collection whose elements were chosen to have one hash from taking for ever to fill:
 * time grows with the square of their number. For one collection.
 */
final class HashFloodingGuard {
  /** How many elements of one hash are believed: 1,000. Comparable ones do no harm. */
  private static final int MAX_EQUAL_HASHES = 1_000;

  private final boolean isNeeded;
  private @Nullable Map<Integer, Integer> counts;

  HashFloodingGuard(int size) {
    this.isNeeded = size > MAX_EQUAL_HASHES;
  }

  void count(@Nullable Object element) {
    if (!isNeeded || element == null || element instanceof Comparable) {
      return;
    }
    Map<Integer, Integer> seen = counts == null ? new HashMap<>() : counts;
    counts = seen;
    if (seen.merge(element.hashCode(), 1, Integer::sum) > MAX_EQUAL_HASHES) {
      throw new KvStoreException(
          "more than " + MAX_EQUAL_HASHES + " elements of a collection have one hash");
    }
  }
}
