package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The supported orders of a sorted collection; the meaning of an id never changes. */
final class SortOrders {
  private static final List<@Nullable Comparator<?>> ALL =
      Arrays.asList(
          null,
          Collections.reverseOrder(),
          String.CASE_INSENSITIVE_ORDER,
          Collections.reverseOrder(String.CASE_INSENSITIVE_ORDER),
          Comparator.naturalOrder());

  private SortOrders() {}

  static int idOf(@Nullable Comparator<?> order) {
    int id = ALL.indexOf(order);
    if (id < 0) {
      throw new IllegalArgumentException(
          "a sorted collection with a comparator of its own can't be written: only the natural"
              + " order, String.CASE_INSENSITIVE_ORDER, and Collections.reverseOrder() of both");
    }
    return id;
  }

  @SuppressWarnings("unchecked") // it throws if the elements are not what it takes
  static @Nullable Comparator<@Nullable Object> of(int id) {
    if (id < 0 || id >= ALL.size()) {
      throw new KvStoreException("unknown sort order: " + id);
    }
    return (Comparator<@Nullable Object>) ALL.get(id);
  }
}
