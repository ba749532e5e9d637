package io.kvstore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.testing.Allocation;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values in the legacy format, which is Kryo's own, as the first version of the store wrote them.
 */
class LegacyValuesTest {
  enum Color {
    RED,
    GREEN
  }

  record Address(String street, int number) {}

  record Person(String name, Color color, List<Address> addresses, Object more) {}

  static final class Bean {
    int[] numbers = {};
    String text = "";
  }

  private static final byte[] OLD =
      HexFormat.of()
          .parseHex(
              "0182011783840100098753747261c39f650e81020c058501030201746578f42023030096042a01021c02"
                  + "03826b870102010282784164e1");

  private static final KryoCodec<Person> PERSONS =
      Codecs.kryo(
          Person.class, Color.class, Address.class, Bean.class, int[].class, Address[].class);

  @Test
  void oldValueIsReadWhenClassesAreNamedInTheOldOrder() {
    Person read = PERSONS.decode(OLD);

    assertThat(read.name()).isEqualTo("Ada");
    assertThat(read.color()).isEqualTo(Color.GREEN);
    assertThat(read.addresses()).containsExactly(new Address("Straße", -5), new Address("", 7));
    List<?> more = (List<?>) read.more();
    assertThat(((Bean) more.get(0)).numbers).containsExactly(1, -1);
    assertThat(((Bean) more.get(0)).text).isEqualTo("text");
    assertThat(more.get(1)).isEqualTo(Optional.of(new BigDecimal("1.50")));
    assertThat(more.get(2)).isEqualTo(Instant.ofEpochSecond(1, 2));
    assertThat((Address[]) ((Map<?, ?>) more.get(3)).get("k")).containsExactly(new Address("x", 1));
  }

  @Test
  void wrongBytesAreRefusedByOneException() {
    Random random = new Random(1);
    for (int i = 0; i < 4_000; i++) {
      byte[] bad = Arrays.copyOf(OLD, i % 4 == 0 ? 1 + random.nextInt(OLD.length) : OLD.length);
      for (int n = random.nextInt(4); n >= 0 && bad.length > 1; n--) {
        int at = 1 + random.nextInt(bad.length - 1);
        bad[at] = (byte) (n % 2 == 0 ? random.nextInt() : 0xFF);
      }
      try {
        assertThat(PERSONS.decode(bad)).isNotNull();
      } catch (KvStoreException e) {
        assertThat(e).hasMessageContaining("the value");
        assertThat(e.getCause() instanceof OutOfMemoryError).isFalse();
      }
    }
  }

  record Nothing() {}

  /** Elements that take no bytes: nulls where there is nothing else, and objects without fields. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "01 0c ff ffffff0f 00", // ArrayList of nulls
        "01 0d ff ffffff0f 00", // HashSet of nulls
        "01 8301 ff ffffff0f 00", // LinkedList of nulls
        "01 0c ff ffffff0f 8401 00", // ArrayList of records without components
        "01 8301 ff ffffff0f 8401 00"
      })
  void collectionOfWhatTakesNoBytesIsBounded(String hex) {
    KryoCodec<Object> codec = Codecs.kryo(Object.class, LinkedList.class, Nothing.class);
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

    Allocation.within(
        16 << 20,
        () ->
            assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(KvStoreException.class)
                .hasMessageContaining("elements don't fit"));
  }

  @Test
  void oldValueInAStoreIsReadAndWrittenAnew(@TempDir Path directory) {
    try (KvStore<byte[], byte[]> bytes =
        KvStore.builder(Codecs.bytes(), Codecs.bytes()).directory(directory).open()) {
      bytes.put(new byte[] {'k'}, OLD);
    }

    try (KvStore<String, Person> store =
        KvStore.builder(Codecs.string(), PERSONS).directory(directory).open()) {
      store.put("new", store.get("k"));
      assertThat(store.get("new").addresses()).isEqualTo(store.get("k").addresses());
    }
  }

  @Test
  void oldKeysAreRefused(@TempDir Path directory) {
    try (KvStore<byte[], byte[]> bytes =
        KvStore.builder(Codecs.bytes(), Codecs.bytes()).directory(directory).open()) {
      bytes.put(new byte[] {1, (byte) 128, 1}, OLD);
    }

    assertThatThrownBy(
            () -> KvStore.builder(Codecs.kryo(Address.class), PERSONS).directory(directory).open())
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("not written by this codec");
  }
}
