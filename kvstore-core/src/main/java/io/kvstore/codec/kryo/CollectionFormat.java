package io.kvstore.codec.kryo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The format of a collection of {@code java.util}: the number of elements, their common tag, the
 * elements. A sorted collection begins with its order.
 *
 * @param classes the classes that are written in this format; all are read as the first
 * @param empty creates a collection for a number of elements
 * @param finish converts the filled collection to the result
 */
record CollectionFormat(
    int tag,
    List<Class<?>> classes,
    IntFunction<Collection<@Nullable Object>> empty,
    Function<Collection<@Nullable Object>, Collection<?>> finish)
    implements TypeFormat {

  /**
   * The maximum number of elements for which {@code Set.of} is used: with more, chosen elements can
   * make it slow.
   */
  static final int MAX_OF = 1_000;

  /**
   * The maximum initial capacity. Beyond it a collection grows with the elements read, so that a
   * corrupt count allocates little.
   */
  private static final int MAX_CAPACITY = 1 << 16;

  @SuppressWarnings("JdkObsolete") // callers have such lists
  static List<CollectionFormat> all() {
    return List.of(
        mutable(Tags.ARRAY_LIST, ArrayList.class, size -> new ArrayList<>(capacity(size))),
        mutable(Tags.LINKED_LIST, LinkedList.class, size -> new LinkedList<>()),
        mutable(Tags.ARRAY_DEQUE, ArrayDeque.class, size -> new ArrayDeque<>(capacity(size))),
        mutable(Tags.HASH_SET, HashSet.class, size -> new HashSet<>(capacity(size))),
        mutable(
            Tags.LINKED_HASH_SET, LinkedHashSet.class, size -> new LinkedHashSet<>(capacity(size))),
        mutable(Tags.TREE_SET, TreeSet.class, size -> new TreeSet<>()),
        new CollectionFormat(
            Tags.FIXED_LIST,
            fixedLists(),
            size -> new ArrayList<>(capacity(size)),
            CollectionFormat::fixedList),
        new CollectionFormat(
            Tags.FIXED_SET,
            fixedSets(),
            size -> new LinkedHashSet<>(capacity(size)),
            CollectionFormat::fixedSet));
  }

  private static CollectionFormat mutable(
      int tag, Class<?> type, IntFunction<Collection<@Nullable Object>> empty) {
    return new CollectionFormat(tag, List.of(type), empty, made -> made);
  }

  static int capacity(int size) {
    return Math.min(size, MAX_CAPACITY) * 4 / 3 + 1;
  }

  /** The list classes that are unmodifiable or of a fixed size, such as that of {@code List.of}. */
  @SuppressWarnings("JdkObsolete") // its views are of another class than those of an ArrayList
  private static List<Class<?>> fixedLists() {
    List<Integer> two = new LinkedList<>(List.of(1, 2));
    return classes(
        List.of(),
        List.of(1),
        List.of(1, 2, 3).subList(0, 2),
        Arrays.asList(1, 2),
        Collections.emptyList(),
        Collections.singletonList(1),
        Collections.nCopies(2, 1),
        Collections.unmodifiableList(two),
        Collections.unmodifiableList(new ArrayList<>(two)));
  }

  private static List<Class<?>> fixedSets() {
    return classes(
        Set.of(),
        Set.of(1),
        Collections.emptySet(),
        Collections.singleton(1),
        Collections.unmodifiableSet(new HashSet<>()));
  }

  private static List<Class<?>> classes(Object... samples) {
    return Arrays.stream(samples).<Class<?>>map(Object::getClass).distinct().toList();
  }

  private static Collection<?> fixedList(Collection<@Nullable Object> read) {
    // Stream.toList() returns lists of the same class that may contain nulls.
    return read.contains(null)
        ? Collections.unmodifiableList((List<?>) read)
        : List.of(read.toArray());
  }

  private static Collection<?> fixedSet(Collection<@Nullable Object> read) {
    return read.size() > MAX_OF || read.contains(null)
        ? Collections.unmodifiableSet((Set<?>) read)
        : Set.of(read.toArray());
  }

  @Override
  public void write(Encoder to, Object object) {
    if (object instanceof TreeSet<?> sorted) {
      to.number(SortOrders.idOf(sorted.comparator()));
    }
    to.elements((Collection<?>) object);
  }

  @Override
  public @Nullable Object read(Decoder from, DeclaredType target) {
    Comparator<@Nullable Object> order = tag == Tags.TREE_SET ? SortOrders.of(from.number()) : null;
    int size = from.size();
    TypeFormat common = size == 0 ? null : from.common();
    DeclaredType element = target.argument(0);
    if (target.isSkipped()) {
      for (int i = 0; i < size; i++) {
        from.element(common, element);
      }
      return null;
    }
    Collection<@Nullable Object> made = order == null ? empty.apply(size) : new TreeSet<>(order);
    HashFloodingGuard crowding = new HashFloodingGuard(made instanceof Set ? size : 0);
    for (int i = 0; i < size; i++) {
      Object read = from.element(common, element);
      crowding.count(read);
      made.add(read);
    }
    return finish.apply(made);
  }
}
