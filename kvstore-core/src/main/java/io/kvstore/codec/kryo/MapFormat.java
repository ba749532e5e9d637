package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The format of a map of {@code java.util}, similar to {@link CollectionFormat}: the number of
 * entries, the common tags of keys and of values, and then each key with its value.
 */
record MapFormat(
    int tag, List<Class<?>> classes, IntFunction<Map<@Nullable Object, @Nullable Object>> empty)
    implements TypeFormat {

  static List<MapFormat> all() {
    List<Class<?>> fixed =
        Stream.of(
                Map.of(),
                Map.of(1, 1),
                Collections.emptyMap(),
                Collections.singletonMap(1, 1),
                Collections.unmodifiableMap(new HashMap<>()))
            .<Class<?>>map(Object::getClass)
            .distinct()
            .toList();
    return List.of(
        new MapFormat(
            Tags.HASH_MAP,
            List.of(HashMap.class),
            size -> new HashMap<>(CollectionFormat.capacity(size))),
        new MapFormat(
            Tags.LINKED_HASH_MAP,
            List.of(LinkedHashMap.class),
            size -> new LinkedHashMap<>(CollectionFormat.capacity(size))),
        new MapFormat(Tags.TREE_MAP, List.of(TreeMap.class), size -> new TreeMap<>()),
        new MapFormat(
            Tags.FIXED_MAP, fixed, size -> new LinkedHashMap<>(CollectionFormat.capacity(size))));
  }

  @Override
  public void write(Encoder to, Object object) {
    Map<?, ?> map = (Map<?, ?>) object;
    if (map instanceof TreeMap<?, ?> sorted) {
      to.number(SortOrders.idOf(sorted.comparator()));
    }
    to.number(map.size());
    if (!map.isEmpty()) {
      TypeFormat keys = to.common(map.keySet());
      TypeFormat values = to.common(map.values());
      to.commonTag(keys);
      to.commonTag(values);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        to.element(keys, entry.getKey());
        to.element(values, entry.getValue());
      }
    }
  }

  @Override
  public @Nullable Object read(Decoder from, DeclaredType target) {
    Comparator<@Nullable Object> order = tag == Tags.TREE_MAP ? SortOrders.of(from.number()) : null;
    int size = from.size();
    TypeFormat keys = size == 0 ? null : from.common();
    TypeFormat values = size == 0 ? null : from.common();
    if (target.isSkipped()) {
      for (int i = 0; i < size; i++) {
        from.element(keys, target);
        from.element(values, target);
      }
      return null;
    }
    Map<@Nullable Object, @Nullable Object> made =
        order == null ? empty.apply(size) : new TreeMap<>(order);
    HashFloodingGuard crowding = new HashFloodingGuard(size);
    for (int i = 0; i < size; i++) {
      Object key = from.element(keys, target.argument(0));
      crowding.count(key);
      made.put(key, from.element(values, target.argument(1)));
    }
    if (made.size() != size) {
      throw new KvStoreException("two keys of a map are equal now that its classes have changed");
    }
    return tag == Tags.FIXED_MAP ? fixed(made) : made;
  }

  private static Map<?, ?> fixed(Map<@Nullable Object, @Nullable Object> read) {
    boolean isPlain =
        read.size() <= CollectionFormat.MAX_OF
            && !read.containsKey(null)
            && !read.containsValue(null);
    return isPlain ? Map.copyOf(read) : Collections.unmodifiableMap(read);
  }
}
