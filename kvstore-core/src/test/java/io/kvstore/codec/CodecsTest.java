package io.kvstore.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecsTest {
  private final Codec<String> strings = Codecs.string();

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "?", "a?b", "ß", "€", "\uFFFD", "?\uFFFD", "\uD83D\uDE00", "a\u0000b?"})
  void stringsAreUtf8(String string) {
    byte[] bytes = strings.encode(string);

    assertThat(bytes).isEqualTo(string.getBytes(UTF_8));
    assertThat(strings.decode(bytes)).isEqualTo(string);
  }

  @ParameterizedTest
  @ValueSource(ints = {0xD800, 0xDBFF, 0xDC00, 0xDFFF})
  void halfASurrogatePairIsRefused(int surrogate) {
    String half = String.valueOf((char) surrogate);
    for (String string : new String[] {half, "a" + half + "b", "?" + half, half + half + "?"}) {
      if (string.codePointCount(0, string.length()) == string.length()) {
        assertThatThrownBy(() -> strings.encode(string))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("surrogate");
      }
    }
    byte[] bytes = {
      (byte) 0xED, (byte) (0x80 | ((surrogate >> 6) & 0x3F)), (byte) (0x80 | (surrogate & 0x3F))
    };
    assertNotUtf8(bytes);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    assertNotUtf8((byte) 0x80);
    assertNotUtf8((byte) 0xFF);
    assertNotUtf8((byte) 0xC3);
    assertNotUtf8((byte) 0xC0, (byte) 0x80);
    assertNotUtf8((byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80);
    assertNotUtf8((byte) 0xEF, (byte) 0xBF, (byte) 0xBD, (byte) 0x80);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x0102030405060708L})
  void longsAreEightBytesMostSignificantFirst(long number) {
    byte[] bytes = Codecs.longs().encode(number);

    assertThat(bytes).hasSize(8);
    assertThat(bytes[0]).isEqualTo((byte) (number >>> 56));
    assertThat(bytes[7]).isEqualTo((byte) number);
    assertThat(Codecs.longs().decode(bytes)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 9})
  void otherThanEightBytesAreNoLong(int length) {
    assertThatThrownBy(() -> Codecs.longs().decode(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(length));
  }

  @Test
  void bytesStayAsTheyAre() {
    byte[] bytes = {1, 2, 3};

    assertThat(Codecs.bytes().encode(bytes)).containsExactly(1, 2, 3);
    assertThat(Codecs.bytes().decode(bytes)).containsExactly(1, 2, 3);
  }

  private void assertNotUtf8(byte... bytes) {
    assertThatThrownBy(() -> strings.decode(bytes)).isInstanceOf(IllegalArgumentException.class);
  }
}
