package io.kvstore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kvstore.KvStoreException;
import io.kvstore.codec.kryo.InMemorySchemaStore;
import io.kvstore.codec.kryo.Role;
import io.kvstore.codec.kryo.Schemas;
import io.kvstore.codec.kryo.StoredCodec;
import io.kvstore.testing.LongForm;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Decoding of arbitrary bytes: yields a value of the registered classes or one exception, with
 * bounded memory and time. {@code -Dfuzz.inputs=1000000} is the long form, {@code -Dfuzz.seed=...}
 * repeats a run.
 */
class CodecFuzzTest {
  private static final int INPUTS = LongForm.of("fuzz.inputs", 20_000, 2_000_000);
  private static final long SEED = LongForm.seed("fuzz.seed");

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

  static final class Bean {
    int[] numbers = {1, 2, 3};
    Shape[] shapes = {new Circle(1), null};
    String[][] texts = {{"a"}, {"b", "ß"}};
    Bean next;
  }

  /** A class that is not registered, and must never be instantiated. */
  static final class Foreign {
    static int made;

    Foreign() {
      made++;
    }
  }

  private static final Set<Class<?>> OURS =
      Set.of(Color.class, Circle.class, Square.class, All.class, Bean.class);

  private static KryoCodec<Object> codec() {
    return Codecs.kryo(Object.class, All.class, Color.class, Shape.class, Bean.class);
  }

  private static Object sample(Object any) {
    return new All(
        "text, not only ASCII: ß\uD83D\uDE00",
        -5,
        1L << 40,
        Color.GREEN,
        new Square(1, new Square(2, new Circle(0.5))),
        List.of(new Circle(1), new Square(3, null)),
        new TreeMap<>(Map.of("a", List.of(1, 2, 3), "b", List.of())),
        Optional.of(new UUID(1, 2)),
        any);
  }

  private static List<Object> samples() {
    Bean bean = new Bean();
    bean.next = new Bean();
    List<Object> anything = new ArrayList<>();
    anything.add(bean);
    anything.add(new HashSet<>(List.of(1, "two", 3L)));
    anything.add(new HashMap<>(Map.of(new Circle(1), 1, new Circle(2), 2)));
    anything.add(new TreeSet<>(Set.of("a", "b")));
    anything.add(Set.of(1, 2, 3));
    anything.add(Map.of("k", new ArrayDeque<>(List.of(1))));
    anything.add(new BigDecimal("12345678901234567890.5"));
    anything.add(BigInteger.TEN.pow(40));
    anything.add(URI.create("http://localhost/a"));
    anything.add(Instant.EPOCH);
    anything.add(Duration.ofDays(1));
    anything.add(LocalDate.EPOCH);
    anything.add(ZonedDateTime.parse("2020-01-02T03:04:05+01:00[Europe/Berlin]"));
    anything.add(new double[] {1, 2});
    anything.add(new boolean[] {true});
    List<Object> samples = new ArrayList<>();
    anything.forEach(any -> samples.add(sample(any)));
    samples.add(sample(anything));
    samples.add(anything);
    samples.add(Color.RED);
    return samples;
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void mutatedBytesAreAValueOrOneException() {
    Codec<Object> alone = codec();
    Codec<Object> stored =
        ((StoredCodec<Object>) codec())
            .bind(Schemas.of(new InMemorySchemaStore(List.of())), Role.VALUE);
    List<byte[]> valid = new ArrayList<>();
    for (Object sample : samples()) {
      valid.add(stored.encode(sample));
      valid.add(stored.encode(sample));
      valid.add(alone.encode(sample));
    }
    Random random = new Random(SEED);
    int read = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] bytes = mutated(valid, random);
      String input = "input " + i + " of -Dfuzz.seed=" + SEED;
      try {
        requireOurs(stored.decode(bytes), input);
        read++;
      } catch (KvStoreException e) {
        assertThat(e.getCause() instanceof OutOfMemoryError).as(input).isFalse();
      } catch (RuntimeException | Error e) {
        fail(input, e);
      }
    }
    assertThat(read).isPositive();
    assertThat(Foreign.made).isZero();
  }

  private static byte[] mutated(List<byte[]> valid, Random random) {
    byte[] bytes = valid.get(random.nextInt(valid.size())).clone();
    for (int n = random.nextInt(4); n >= 0 && bytes.length > 1; n--) {
      int at = 1 + random.nextInt(bytes.length - 1);
      switch (random.nextInt(8)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) 0xFF;
        case 3 -> bytes[at] = (byte) random.nextInt(70);
        case 4 -> bytes = Arrays.copyOf(bytes, at);
        case 5 -> {
          byte[] other = valid.get(random.nextInt(valid.size()));
          int length = Math.min(random.nextInt(20), Math.min(other.length, bytes.length - at));
          System.arraycopy(other, random.nextInt(other.length - length + 1), bytes, at, length);
        }
        case 6 -> {
          // A length of two thousand million.
          byte[] length = {-1, -1, -1, -1, 7};
          System.arraycopy(length, 0, bytes, at, Math.min(5, bytes.length - at));
        }
        default -> bytes[at]++;
      }
    }
    if (random.nextInt(16) == 0) {
      bytes[0] = (byte) random.nextInt(5);
    }
    return bytes;
  }

  /** Looks at all that was read, arrays and collections of the JDK's included. */
  private static void requireOurs(Object read, String input) {
    if (read == null) {
      return;
    }
    Class<?> type = read.getClass();
    if (type.isArray()) {
      for (int i = 0; i < Array.getLength(read); i++) {
        requireOurs(Array.get(read, i), input);
      }
    } else if (read instanceof Collection<?> collection) {
      collection.forEach(element -> requireOurs(element, input));
    } else if (read instanceof Map<?, ?> map) {
      map.keySet().forEach(key -> requireOurs(key, input));
      map.values().forEach(value -> requireOurs(value, input));
    } else if (read instanceof Optional<?> optional) {
      optional.ifPresent(value -> requireOurs(value, input));
    } else if (read instanceof All all) {
      requireOurs(all.any, input);
      requireOurs(all.shapes, input);
    } else if (!type.getName().startsWith("java.")) {
      assertThat(OURS).as(input).contains(type);
    }
  }

  @Test
  void schemaOfAClassThatIsNotRegisteredMakesNone() {
    byte[] foreign = Codecs.kryo(Object.class, Foreign.class).encode(new Foreign());
    int made = Foreign.made;

    assertThat(catchMessage(codec(), foreign)).contains("Foreign").contains("not registered");
    assertThat(Foreign.made).isEqualTo(made);
    Foreign.made = 0;
  }

  @Test
  void lengthIsCheckedBeforeAnythingIsAllocated() {
    KryoCodec<Object> codec = Codecs.kryo(Object.class);
    for (int tag = 9; tag <= 32; tag++) {
      byte[] bytes = {3, 0, (byte) tag, -1, -1, -1, -1, 7, -1, -1, -1, -1, 7, 0};

      try {
        codec.decode(bytes);
        fail("tag " + tag + " was read");
      } catch (KvStoreException e) {
        assertThat(e.getCause()).as("tag " + tag).isInstanceOf(RuntimeException.class);
      }
    }
  }

  record Colliding(int a, int b) {}

  @Test
  void collectionOfOneHashIsRefusedBeforeItTakesForEver() {
    Set<Object> set = new LinkedHashSet<>();
    for (int i = 0; i < 1_001; i++) {
      set.add(new Colliding(i, -31 * i));
    }
    KryoCodec<Object> codec = Codecs.kryo(Object.class, Colliding.class);

    assertThat(catchMessage(codec, codec.encode(set))).contains("one hash");
  }

  @Test
  void nestingIsBounded() {
    Shape deep = new Circle(1);
    for (int i = 0; i < 450; i++) {
      deep = new Square(i, deep);
    }
    assertThat(codec().decode(codec().encode(deep))).isEqualTo(deep);

    // What a hostile writer makes: lists in lists, each two bytes.
    byte[] bytes = new byte[100_000];
    for (int i = 0; i < bytes.length; i += 3) {
      bytes[i] = 21;
      bytes[Math.min(i + 1, bytes.length - 1)] = 1;
    }
    byte[] hostile = new byte[bytes.length + 2];
    hostile[0] = 3;
    System.arraycopy(bytes, 0, hostile, 2, bytes.length);
    assertThat(catchMessage(codec(), hostile)).contains("nested deeper");
  }

  private static String catchMessage(Codec<?> codec, byte[] bytes) {
    try {
      return fail("it was read: " + codec.decode(bytes));
    } catch (KvStoreException e) {
      return e.getMessage();
    }
  }
}
