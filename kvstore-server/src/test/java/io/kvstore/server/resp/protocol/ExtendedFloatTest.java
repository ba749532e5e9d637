package io.kvstore.server.resp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedFloatTest {
  /** What the costliest addition may allocate; a measure of its work that no clock disturbs. */
  private static final long MAX_ALLOCATED_BYTES = 1 << 20;

  private static final int LONGEST_TEXT = 5 * 1024 - 1;

  @ParameterizedTest
  @CsvSource({
    "0, 1.5, 1.5",
    "10.50, 0.1, 10.6",
    "5.0e3, 200, 5200",
    "1, -1, 0",
    "-0, 0, 0",
    "-3.25, 0, -3.25",
    "0x1.8p1, 0, 3",
    "0xff, 0, 255",
    "0x.1p-2, 0, 0.015625",
    "18446744073709551615, 0, 18446744073709551615",
    "18446744073709551617, 0, 18446744073709551616",
    "18446744073709551619, 0, 18446744073709551620",
    "1e19, 1, 10000000000000000001",
    "1e-17, 0, 0.00000000000000001",
    "5e-18, 0, 0",
    "5.1e-18, 0, 0.00000000000000001",
    "1e-4950, 0, 0",
    "0e999999, 0, 0",
    "-.5, 0, -0.5",
    "3., 0, 3"
  })
  void sumIsThatOfRedis(String a, String b, String sum) {
    assertThat(sum(a, b)).isEqualTo(sum);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1x",
        "1e",
        "1 ",
        ".",
        "e5",
        "0x",
        "nan",
        "1e4933",
        "1e-4960",
        "1e20001",
        "1e9999999",
        "0x1p16384",
        "0x1p-16447",
        "1.2.3",
        "--1"
      })
  void othersAreNoNumbers(String text) {
    assertThatThrownBy(() -> parse(text)).hasMessage("ERR value is not a valid float");
  }

  @Test
  void sumBeyondTheRangeIsRejected() {
    assertThatThrownBy(() -> sum("1.18e4932", "1.18e4932")).hasMessageContaining("Infinity");
    assertThatThrownBy(() -> sum("inf", "1")).hasMessageContaining("Infinity");
  }

  @Test
  void everySumIsTheExactOneRoundedOnceToSixtyFourBits() {
    Random random = new Random(15);
    for (int i = 0; i < 3_000; i++) {
      String a = decimal(random);
      String b = decimal(random);
      BigDecimal exact = rounded(new BigDecimal(a)).add(rounded(new BigDecimal(b)));

      assertThat(sum(a, b)).as("%s + %s", a, b).isEqualTo(text(rounded(exact)));
    }
  }

  private static String decimal(Random random) {
    int digits = 1 + random.nextInt(40);
    String whole = new BigInteger(1 + random.nextInt(130), random).toString();
    String text =
        whole + (random.nextBoolean() ? "." + "7390518264".repeat(4).substring(0, digits) : "");
    return (random.nextBoolean() ? "-" : "") + text + "e" + (random.nextInt(80) - 40);
  }

  private static BigDecimal rounded(BigDecimal exact) {
    if (exact.signum() == 0) {
      return BigDecimal.ZERO;
    }
    // As many bits before the point as the mantissa has.
    BigDecimal two = BigDecimal.valueOf(2);
    BigDecimal least = two.pow(63);
    BigDecimal scaled = exact.abs();
    int exponent = 0;
    for (; scaled.compareTo(least.multiply(two)) >= 0; exponent++) {
      scaled = scaled.divide(two);
    }
    for (; scaled.compareTo(least) < 0; exponent--) {
      scaled = scaled.multiply(two);
    }
    BigDecimal mantissa = scaled.setScale(0, RoundingMode.HALF_EVEN);
    BigDecimal value =
        exponent >= 0 ? mantissa.multiply(two.pow(exponent)) : mantissa.divide(two.pow(-exponent));
    return exact.signum() < 0 ? value.negate() : value;
  }

  private static String text(BigDecimal value) {
    BigDecimal cut = value.setScale(17, RoundingMode.HALF_EVEN);
    return cut.signum() == 0 ? "0" : cut.stripTrailingZeros().toPlainString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e4931",
        "-1.18e4932",
        "1e-4950",
        "0x1p16383",
        "0x1p-16445",
        "9{1}e-187",
        "9{1}e-10060",
        "0.{1}e4900",
        ".{9}",
        "0x{f}p-4096",
        "9{9}x",
        "1.{9}x",
        "0x{f}x"
      })
  void costIsBoundedByTheRange(String pattern) {
    String text = pattern;
    int brace = pattern.indexOf('{');
    if (brace >= 0) {
      String digit = pattern.substring(brace + 1, brace + 2);
      String rest = pattern.substring(brace + 3);
      String start = pattern.substring(0, brace);
      text = start + digit.repeat(LONGEST_TEXT - start.length() - rest.length()) + rest;
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    costOf(threads, "1.5"); // loads classes

    assertThat(costOf(threads, text)).isLessThan(MAX_ALLOCATED_BYTES);
  }

  private static long costOf(ThreadMXBean threads, String text) {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      ExtendedFloat value = parse(text);
      assertThat(value.plus(parse("1e-4949")).text()).isNotEmpty();
    } catch (RespException e) {
      assertThat(text).as("a malformed text").matches("(?s).*(x|e-10060|f.*p-4096)");
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static ExtendedFloat parse(String text) {
    return ExtendedFloat.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String sum(String a, String b) {
    return new String(parse(a).plus(parse(b)).text(), StandardCharsets.US_ASCII);
  }
}
