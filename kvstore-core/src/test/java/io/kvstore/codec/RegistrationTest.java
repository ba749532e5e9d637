package io.kvstore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The classes that a codec accepts, and the errors for others. */
class RegistrationTest {
  record Item(String name, int count) {}

  @SuppressWarnings("ArrayRecordComponent") // callers have such records
  record Box<T extends Comparable<T>>(T value, List<? extends T> more, T[] array) {}

  record Twice(@FormerName("b") String a, String b) {}

  record Other(String text) {}

  sealed interface Event permits Started, Stopped {}

  record Started(int at) implements Event {}

  record Stopped() implements Event {}

  enum Operation {
    PLUS {
      @Override
      int apply(int a, int b) {
        return a + b;
      }
    };

    abstract int apply(int a, int b);
  }

  static final class WithFinal {
    final int number = Objects.hash(1);
  }

  static final class WithoutConstructor {
    int number;

    WithoutConstructor(int number) {
      this.number = number;
    }
  }

  @SuppressWarnings("ClassCanBeStatic") // the point of it
  final class Inner {
    int number;
  }

  static final class MyList extends ArrayList<String> {
    private static final long serialVersionUID = 1L;
  }

  static final class Circular {
    Circular next;
    private transient int hash = 5;

    private Circular() {}
  }

  private static <T> T readBack(Codec<T> codec, T object) {
    return codec.decode(codec.encode(object));
  }

  @Test
  void sealedTypeBringsWhatItPermits() {
    KryoCodec<Event> codec = Codecs.kryo(Event.class);

    assertThat(readBack(codec, new Started(1))).isEqualTo(new Started(1));
    assertThat(readBack(codec, new Stopped())).isEqualTo(new Stopped());
  }

  @Test
  void genericsBodiesOfConstantsAndArraysAreReadBack() {
    KryoCodec<Object> codec =
        Codecs.kryo(Object.class, Box.class, Operation.class, Event[].class, Item.class);

    Box<?> box = (Box<?>) readBack(codec, new Box<>("a", List.of("b"), new String[] {"c"}));
    assertThat(box.value()).isEqualTo("a");
    assertThat(box.array()).isEqualTo(new String[] {"c"});
    assertThat(readBack(codec, Operation.PLUS)).isSameAs(Operation.PLUS);
    Event[][] events = {{new Started(1)}, {}};
    assertThat(readBack(codec, events)).isEqualTo(events);
    assertThat(readBack(codec, new Item[0])).isInstanceOf(Item[].class);
    assertThat(readBack(codec, new int[][] {{1}, null})).isEqualTo(new int[][] {{1}, null});
    assertThat(readBack(codec, new Object[] {1, "a", null})).isEqualTo(new Object[] {1, "a", null});
  }

  @Test
  void collectionsAreWhatTheyWere() {
    KryoCodec<Object> codec = Codecs.kryo(Object.class);
    List<Object> withNull = new ArrayList<>(Collections.singletonList(null));
    withNull.add("a");

    assertThat(readBack(codec, Stream.of("a", null).toList())).isEqualTo(Arrays.asList("a", null));
    assertThat(readBack(codec, withNull)).isEqualTo(withNull).isInstanceOf(ArrayList.class);
    assertThat(readBack(codec, Collections.unmodifiableList(withNull))).isEqualTo(withNull);
    Map<String, Integer> reversed = new TreeMap<>(Comparator.reverseOrder());
    reversed.putAll(Map.of("a", 1, "b", 2));
    assertThat(((Map<?, ?>) readBack(codec, reversed)).keySet().toArray())
        .containsExactly("b", "a");
    Map<Object, Object> nulls = new HashMap<>();
    nulls.put(null, null);
    assertThat(readBack(codec, nulls)).isEqualTo(nulls);
    List<Integer> many = Collections.nCopies(100_000, 7);
    assertThat(readBack(codec, many)).isEqualTo(many);
    assertThat(readBack(codec, new HashSet<>(numbers()))).isEqualTo(numbers());
    assertThat(readBack(codec, Set.copyOf(numbers()))).isEqualTo(numbers());
  }

  private static Set<Integer> numbers() {
    return Stream.iterate(0, i -> i + 1).limit(5_000).collect(Collectors.toUnmodifiableSet());
  }

  @Test
  void plainClassIsReadByItsFieldsThroughItsConstructor() {
    Circular chain = new Circular();
    chain.next = new Circular();
    chain.hash = 9;

    Circular read = readBack(Codecs.kryo(Circular.class), chain);

    assertThat(read.next).isNotNull();
    assertThat(read.next.next).isNull();
    assertThat(read.hash).isEqualTo(5);
  }

  @Test
  void circleIsRefused() {
    Circular circle = new Circular();
    circle.next = circle;

    assertThatThrownBy(() -> Codecs.kryo(Circular.class).encode(circle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in a circle");
  }

  @Test
  void errorShowsTheCodeToAdd() {
    assertThatThrownBy(() -> Codecs.kryo(Object.class).encode(new Item("a", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(".with(" + Item.class.getCanonicalName() + ".class)")
        .hasMessageContaining("Codecs.kryo");
  }

  @Test
  void refusalOfAClassSaysWhyAndWhatHelps() {
    refused(WithFinal.class, "final field number", "JDK 26", "make it a record");
    refused(WithoutConstructor.class, "no constructor without parameters", "make it a record");
    refused(Inner.class, "make it static");
    refused(MyList.class, "extends java.util.ArrayList");
    refused(AtomicLong.class, "JDK");
    refused(int.class, "not a class for values");
    refused(Twice.class, "the name b");
  }

  private static void refused(Class<?> type, String... why) {
    assertThatThrownBy(() -> Codecs.kryo(Object.class, type))
        .as(type.getName())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(why);
  }

  @Test
  void optionsNameWhatIsThere() {
    KryoCodec<Item> codec = Codecs.kryo(Item.class);

    assertThatThrownBy(() -> codec.defaultValue(Item.class, "size", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no component size");
    assertThatThrownBy(() -> codec.defaultValue(Item.class, "count", "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a int");
    assertThatThrownBy(() -> codec.formerName(Other.class, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("with(Other.class)");
    assertThatThrownBy(() -> codec.formerName(Item.class, "name", "count"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the name count");
    assertThatThrownBy(() -> codec.with(Other.class).formerName(Other.class, Item.class.getName()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("both");
  }

  @Test
  void comparatorOfOnesOwnIsRefused() {
    Map<String, Integer> own = new TreeMap<>(Comparator.comparing(String::length));

    assertThatThrownBy(() -> Codecs.kryo(Object.class).encode(own))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("comparator");
  }
}
