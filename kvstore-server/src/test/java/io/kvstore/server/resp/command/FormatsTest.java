package io.kvstore.server.resp.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.net.Numbers;
import io.kvstore.server.resp.RespClient;
import io.kvstore.server.resp.protocol.ExtendedFloat;
import io.kvstore.server.resp.protocol.Glob;
import io.kvstore.server.resp.session.ScanCursors;
import io.kvstore.server.resp.session.StoredValue;
import io.kvstore.server.testing.LongForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns, numbers, bits and cursors, each on its own. */
class FormatsTest {

  @ParameterizedTest
  @CsvSource({
    "*, abc, true",
    "a*, abc, true",
    "*c, abc, true",
    "a*c, ac, true",
    "a*b*c, axxbyyc, true",
    "a*b*c, axxcyyb, false",
    "a?c, abc, true",
    "a?c, ac, false",
    "[abc], b, true",
    "[a-c], b, true",
    "[c-a], b, true",
    "[a-c], d, false",
    "[^a], b, true",
    "[^a], a, false",
    "[\\]], ], true",
    "[a\\-c], b, false",
    "\\*, *, true",
    "\\*, a, false",
    "[a, a, true",
    "[a, b, false",
    "[, a, false",
    "[], a, false",
    "[^], a, true",
    "abc, ab, false",
    "ab, abc, false",
    "a**, a, true",
    "\\, \\, true",
    "a\\, a, false",
    "[a-], -, false",
    "h[ae]llo, hallo, true",
    "*[0-9], x7, true"
  })
  void globMatchesAsRedisDoes(String pattern, String text, boolean matches) {
    assertThat(new Glob(RespClient.latin1(pattern)).matches(RespClient.latin1(text)))
        .isEqualTo(matches);
  }

  @Test
  void nothingIsMatchedByAnEmptyPatternOnly() {
    assertThat(new Glob(new byte[0]).matches(new byte[0])).isTrue();
    assertThat(new Glob(RespClient.latin1("*")).matches(new byte[0])).isFalse();
  }

  @Test
  void manyStarsTakeNoLongTime() {
    String pattern = "*a".repeat(1_000) + "b";

    assertThat(new Glob(RespClient.latin1(pattern)).matches(RespClient.latin1("a".repeat(5_000))))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.2, 0.3",
    "3.0, 0, 3",
    "10.50, 0.1, 10.6",
    "5.0e3, 2.0e2, 5200",
    "-0.0, 0, 0",
    "1e-20, 0, 0",
    "0.00000000000000001, 0, 0.00000000000000001",
    "1e20, 1, 100000000000000000000",
    "18446744073709551615, 1, 18446744073709551616",
    "0x10, .5, 16.5",
    "1e4932, 0, skip",
    "1.1, 2.2, 3.3",
    "100.7, -100.7, 0",
    "0.1, 0, 0.1"
  })
  void floatsAddUpInSixtyFourBits(String a, String b, String sum) {
    ExtendedFloat result =
        ExtendedFloat.parse(RespClient.latin1(a)).plus(ExtendedFloat.parse(RespClient.latin1(b)));

    String text = new String(result.text(), StandardCharsets.US_ASCII);
    if (!sum.equals("skip")) {
      assertThat(text).isEqualTo(sum);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " 1", "1 ", "abc", "nan", "1e5000", "1e-5000", "1e99999999999", "--1"})
  void whatIsNoFloatIsRejected(String text) {
    assertThatThrownBy(() -> ExtendedFloat.parse(RespClient.latin1(text)))
        .hasMessage("ERR value is not a valid float");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, 9, 10, 99, 100, -100, Long.MAX_VALUE, Long.MIN_VALUE, 123456789012345678L})
  void longsAreWrittenAndReadBack(long number) {
    byte[] bytes = Numbers.bytes(number);

    assertThat(bytes).isEqualTo(RespClient.latin1(Long.toString(number)));
    assertThat(NumberCommands.parse(bytes)).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        "01",
        "-0",
        "-01",
        " 1",
        "1 ",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "1a"
      })
  void whatIsNoLongIsRejected(String text) {
    assertThatThrownBy(() -> NumberCommands.parse(RespClient.latin1(text)))
        .hasMessage("ERR value is not an integer or out of range");
  }

  @Test
  void bitsAreCountedAndFoundAsOneByOne() {
    long seed = LongForm.seed("kvstore.test.seed");
    System.out.println("FormatsTest: seed " + seed);
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      byte[] value = new byte[1 + random.nextInt(5)];
      random.nextBytes(value);
      StoredValue held = new StoredValue(ByteBuffer.wrap(value), StoredValue.FOREVER, null);
      int first = random.nextInt(8 * value.length);
      int last = first + random.nextInt(8 * value.length - first);
      int count = 0;
      int zero = -1;
      for (int bit = last; bit >= first; bit--) {
        int set = value[bit / 8] >> (7 - bit % 8) & 1;
        count += set;
        zero = set == 0 ? bit : zero;
      }

      assertThat(Bits.count(held, first, last)).isEqualTo(count);
      assertThat(Bits.find(held, 0, new Bits.Range(first, last))).isEqualTo(zero);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h0", "hzzzzzzzzz", "h", "kSGVsbG8_d29ybGQ", "abcdefghijklmnop"})
  void cursorsAreNumbersAndBack(String cursor) {
    ScanCursors cursors = new ScanCursors();

    long number = cursors.number(cursor);

    assertThat(number).isNotZero();
    assertThat(cursors.cursor(number)).isEqualTo(cursor);
    assertThat(cursors.number(null)).isZero();
    assertThat(cursors.cursor(0)).isNull();
  }
}
