package io.kvstore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.KvStoreException;
import io.kvstore.testing.Threads;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KryoCodecTest {
  enum Color {
    RED,
    GREEN
  }

  record Address(String street, int number) {}

  record Person(String name, Color color, Address address, List<Address> others, Object more) {}

  static final class Bean {
    int[] numbers = {};
    String text = "";
    Address[] addresses = {};

    @Override
    public boolean equals(Object other) {
      return other instanceof Bean bean
          && Arrays.equals(bean.numbers, numbers)
          && Arrays.equals(bean.addresses, addresses)
          && bean.text.equals(text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }
  }

  private static final Codec<Person> PERSONS =
      Codecs.kryo(
          Person.class, Color.class, Address.class, Bean.class, int[].class, Address[].class);

  private static Person person(Object more) {
    Address address = new Address("Straße \uD83D\uDE00", -5);
    return new Person("Ada", Color.GREEN, address, List.of(address, new Address("", 7)), more);
  }

  @Test
  void recordsAndNestedClassesAreReadBack() {
    Bean bean = new Bean();
    bean.numbers = new int[] {1, -1, Integer.MAX_VALUE};
    bean.text = "text";
    bean.addresses = new Address[] {new Address("a", 1), null};

    assertReadBack(person(bean));
    assertReadBack(person(null));
    assertReadBack(new Person(null, null, null, null, null));
  }

  @Test
  void commonClassesOfTheJdkNeedNoRegistration() {
    List<Object> all =
        new ArrayList<>(
            List.of(
                new ArrayList<>(List.of("a", 1)),
                new HashSet<>(Set.of(1, 2)),
                new LinkedHashSet<>(List.of(2, 1)),
                new TreeSet<>(Set.of(1, 2)),
                new HashMap<>(Map.of("a", 1)),
                new LinkedHashMap<>(Map.of("a", 1)),
                new TreeMap<>(Map.of("a", 1)),
                List.of(),
                List.of(1),
                List.of(1, 2),
                List.of(1, 2, 3),
                List.of(1, 2, 3).subList(1, 3),
                Set.of(),
                Set.of(1),
                Set.of(1, 2, 3),
                Map.of(),
                Map.of(1, "a"),
                Map.of(1, "a", 2, "b")));
    all.addAll(
        List.of(
            Optional.empty(),
            Optional.of("a"),
            UUID.randomUUID(),
            new BigInteger("123456789012345678901234567890"),
            new BigDecimal("1.50"),
            URI.create("http://localhost/a"),
            Instant.ofEpochSecond(1, 999_999_999),
            Duration.ofNanos(5),
            LocalDate.EPOCH,
            LocalTime.NOON,
            LocalDateTime.of(2020, 1, 2, 3, 4),
            OffsetDateTime.parse("2020-01-02T03:04:05+02:00"),
            ZonedDateTime.parse("2020-01-02T03:04:05+01:00[Europe/Berlin]"),
            Period.ofDays(3),
            Year.of(2020),
            YearMonth.of(2020, 2)));
    for (Object object : all) {
      assertReadBack(person(object));
      Object read = PERSONS.decode(PERSONS.encode(person(object))).more();
      assertThat(read.getClass().isAssignableFrom(object.getClass()) || read instanceof List)
          .as(object.getClass().toString())
          .isTrue();
    }
  }

  @Test
  void unregisteredClassIsNamedWithWhatToAdd() {
    Codec<Person> narrow = Codecs.kryo(Person.class, Color.class);

    assertThatThrownBy(() -> narrow.encode(person(null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Address.class.getName())
        .hasMessageContaining("Address.class");
    assertThatThrownBy(() -> PERSONS.encode(person(List.of(Map.of("a", new Thread())))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread")
        .hasMessageContaining("Thread.class");
    assertReadBack(person("the codec is as good as before"));
  }

  @Test
  void wrongBytesAreRefusedByOneException() {
    Bean bean = new Bean();
    bean.numbers = new int[] {1, 2, 3};
    bean.text = "not only ASCII: ß";
    bean.addresses = new Address[] {new Address("a", 1)};
    Object more = List.of(bean, new HashMap<>(Map.of("a", Set.of(1))), Optional.of(1.5));
    byte[] good = PERSONS.encode(person(more));
    Random random = new Random(1);

    for (int i = 0; i < 4_000; i++) {
      byte[] bad = Arrays.copyOf(good, i % 4 == 0 ? random.nextInt(good.length) : good.length);
      for (int n = random.nextInt(4); n >= 0 && bad.length > 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) (n % 2 == 0 ? random.nextInt() : 0xFF);
      }
      try {
        assertThat(PERSONS.decode(bad)).isNotNull();
      } catch (KvStoreException e) {
        assertThat(e).hasMessageContaining("the value");
      }
    }
    assertReadBack(person(more));
  }

  @Test
  void valueOfAnotherCodecIsRefused() {
    assertThatThrownBy(() -> PERSONS.decode(new byte[0]))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> PERSONS.decode(new byte[] {7, 1}))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("7");
    Codec<Address> addresses = Codecs.kryo(Address.class);
    assertThatThrownBy(() -> PERSONS.decode(addresses.encode(new Address("a", 1))))
        .isInstanceOf(KvStoreException.class);
  }

  @Test
  void classAddedAtTheEndLeavesEarlierValuesReadable() {
    Codec<Object> before = Codecs.kryo(Object.class, Address.class);
    Codec<Object> after = Codecs.kryo(Object.class, Address.class, Color.class, ArrayList.class);
    Object value = new ArrayList<>(List.of(new Address("a", 1), "text"));

    assertThat(after.decode(before.encode(value))).isEqualTo(value);
    assertThat(before.decode(after.encode(value))).isEqualTo(value);
    assertThat(after.decode(after.encode(Color.RED))).isEqualTo(Color.RED);
  }

  @Test
  void manyThreadsMayUseOneCodec() throws Exception {
    try (Threads threads = new Threads()) {
      for (int t = 0; t < 8; t++) {
        int thread = t;
        threads.run(
            () -> {
              for (int i = 0; i < 500; i++) {
                if (i % 50 == 0) {
                  assertThatThrownBy(() -> PERSONS.encode(person(new Thread())))
                      .isInstanceOf(IllegalArgumentException.class);
                }
                assertReadBack(person(List.of(thread, i, "x".repeat(i))));
              }
            });
      }
      threads.join();
    }
  }

  private static void assertReadBack(Person person) {
    assertThat(PERSONS.decode(PERSONS.encode(person))).isEqualTo(person);
  }
}
