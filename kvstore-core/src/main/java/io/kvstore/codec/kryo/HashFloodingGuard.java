package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The guard against hash flooding: limits the elements of a hash collection with the same hash,
 * which an attacker may choose, since the time to add them grows with the square of their number.
 * For one collection.
 */
final class HashFloodingGuard {
  /** The maximum number of elements with the same hash: 1,000. Comparable ones do no harm. */
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
