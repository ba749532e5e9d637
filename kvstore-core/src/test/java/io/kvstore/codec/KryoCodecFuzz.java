package io.kvstore.codec;

import io.kvstore.KvStoreException;
import io.kvstore.codec.kryo.InMemorySchemaStore;
import io.kvstore.codec.kryo.Role;
import io.kvstore.codec.kryo.Schemas;
import io.kvstore.codec.kryo.StoredCodec;
import io.kvstore.testing.Allocation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The fuzz target of the Kryo codec: any bytes decode to an object of the registered classes that
 * survives a round trip, or are rejected; as a value and as a key.
 */
public final class KryoCodecFuzz {
  private static final long MAX_ALLOCATED = 4 << 20;
  private static final long MAX_ALLOCATED_BY_BYTE = 1 << 10;

  private static final KryoCodec<Object> VALUES =
      Codecs.kryo(Object.class, All.class, Color.class, Shape.class, Bean.class);
  private static final KryoCodec<Key> KEYS = Codecs.kryo(Key.class, Color.class, Shape.class);
  private static final List<String> LINES = lines();

  private static Store store = new Store();

  private KryoCodecFuzz() {}

  enum Color {
    RED,
    GREEN
  }

  sealed interface Shape permits Circle, Square {}

  record Circle(double radius) implements Shape {}

  record Square(int side, Shape inner) implements Shape {}

  record All(
      String text,
      int number,
      long big,
      Color color,
      Shape shape,
      List<Shape> shapes,
      Map<String, List<Integer>> map,
      Optional<UUID> uuid,
      Object any) {}

  record Key(
      String text,
      Long number,
      Color color,
      Optional<Shape> shape,
      UUID uuid,
      BigDecimal big,
      Instant instant) {}

  static final class Bean {
    int[] numbers = {1, 2, 3};
    Shape[] shapes = {new Circle(1), null};
    String[][] texts = {{"a"}, {"b", "ß"}};
    Bean next;
  }

  /** Returns a value with all that the classes can hold. */
  static All value(Object any) {
    return new All(
        "text ß\uD83D\uDE00",
        -5,
        1L << 40,
        Color.GREEN,
        new Square(1, new Circle(0.5)),
        List.of(new Circle(1), new Square(3, null)),
        Map.of("a", List.of(1, 2, 3)),
        Optional.of(new UUID(1, 2)),
        any);
  }

  /** Returns a key likewise. */
  static Key key() {
    return new Key(
        "text",
        7L,
        Color.RED,
        Optional.of(new Square(1, new Circle(2))),
        new UUID(1, 2),
        new BigDecimal("1.50"),
        Instant.EPOCH);
  }

  /** Returns the schemas of all classes, as a store has them. */
  private static List<String> lines() {
    InMemorySchemaStore lines = new InMemorySchemaStore(List.of());
    Schemas schemas = Schemas.of(lines);
    bind(VALUES, schemas, Role.VALUE).encode(value(List.of(new Bean(), Color.RED)));
    bind(KEYS, schemas, Role.KEY).encode(key());
    return lines.read();
  }

  /** The codecs of a store that has all schemas. */
  static final class Store {
    private final InMemorySchemaStore lines = new InMemorySchemaStore(LINES);
    private final Schemas schemas = Schemas.of(lines);
    final Codec<Object> values = bind(VALUES, schemas, Role.VALUE);
    final Codec<Key> keys = bind(KEYS, schemas, Role.KEY);

    private boolean hasGrown() {
      return lines.read().size() > LINES.size();
    }
  }

  @SuppressWarnings("unchecked") // as all of them are
  private static <T> Codec<T> bind(KryoCodec<T> codec, Schemas schemas, Role role) {
    return ((StoredCodec<T>) codec).bind(schemas, role);
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    long most = MAX_ALLOCATED + MAX_ALLOCATED_BY_BYTE * input.length;
    Allocation.within(most, () -> read(store.values, input, false));
    Allocation.within(most, () -> read(store.keys, input, true));
    if (store.hasGrown()) {
      store = new Store(); // so that no input depends on those before it
    }
  }

  private static <T> void read(Codec<T> codec, byte[] bytes, boolean exact) {
    T object;
    try {
      object = codec.decode(bytes);
    } catch (KvStoreException e) {
      if (e.getCause() instanceof OutOfMemoryError) {
        throw e;
      }
      return;
    }
    byte[] written;
    try {
      written = codec.encode(object);
    } catch (IllegalArgumentException e) {
      if (e.getMessage().startsWith(Object.class.getName() + " is not registered")) {
        return; // the first format could hold a plain Object, which nobody writes any more
      }
      throw e;
    }
    byte[] again = codec.encode(codec.decode(written));
    if (!exact) {
      // Sets and maps may have another order.
      Arrays.sort(written);
      Arrays.sort(again);
    }
    if (!Arrays.equals(written, again)) {
      throw new AssertionError(object + " is written differently once it was read");
    }
  }
}
