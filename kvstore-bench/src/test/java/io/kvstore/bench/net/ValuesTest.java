package io.kvstore.bench.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final int KEY = 123_456;
  private static final int VERSION = 7;

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 31, 32, 100})
  void everyByteCounts(int length) {
    Values values = new Values(new ValueSize(length, length), 42);
    byte[] value = value(values, KEY, VERSION);

    assertThat(new String(value, US_ASCII)).hasSize(length).matches("[a-p]+");
    assertThat(version(values, value)).isEqualTo(VERSION);
    for (int at = 0; at < length; at++) {
      byte[] flipped = value.clone();
      flipped[at] ^= 1;
      assertThat(version(values, flipped)).as("byte %d", at).isEqualTo(Values.WRONG);
    }
    assertThat(version(values, Arrays.copyOf(value, length - 1))).isEqualTo(Values.WRONG);
    assertThat(version(values, Arrays.copyOf(value, length + 1))).isEqualTo(Values.WRONG);
    assertThat(version(values, new byte[0])).isEqualTo(Values.WRONG);
  }

  @Test
  void valuesOfAnotherKeyOrRunAreWrong() {
    ValueSize size = new ValueSize(16, 16);
    Values values = new Values(size, 42);

    assertThat(version(values, value(values, KEY + 1, VERSION))).isEqualTo(Values.WRONG);
    assertThat(version(values, value(new Values(size, 43), KEY, VERSION))).isEqualTo(Values.WRONG);
  }

  @Test
  void lengthsAreThoseOfTheRange() {
    Values values = new Values(new ValueSize(20, 23), 42);
    Set<Integer> lengths = new HashSet<>();
    for (int version = 1; version <= 100; version++) {
      byte[] value = value(values, KEY, version);
      lengths.add(value.length);
      assertThat(version(values, value)).isEqualTo(version);
    }

    assertThat(lengths).containsExactlyInAnyOrder(20, 21, 22, 23);
  }

  private static byte[] value(Values values, int key, int version) {
    int length = values.make(key, version);
    return Arrays.copyOf(values.bytes(), length);
  }

  private static int version(Values values, byte[] value) {
    return values.version(KEY, Unpooled.wrappedBuffer(value));
  }
}
