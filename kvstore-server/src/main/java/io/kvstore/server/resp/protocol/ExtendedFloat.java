package io.kvstore.server.resp.protocol;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A floating-point number in the format that Redis uses on most machines: 64 bits of mantissa, 15
 * of exponent. Formatted with up to 17 decimals.
 */
public final class ExtendedFloat {
  public static final ExtendedFloat ZERO = new ExtendedFloat(BigDecimal.ZERO);

  private static final int MANTISSA_BITS = 64;
  private static final int DECIMALS = 17;

  /** The maximum length of a text. */
  private static final int MAX_TEXT_BYTES = 5 * 1024;

  /**
   * The maximum number of digits of an exponent; more exceed the range, and need not be computed.
   */
  private static final int MAX_EXPONENT_DIGITS = 6;

  private static final int MAX_DECIMAL_EXPONENT = 20_000;

  /**
   * The bound of finite numbers, which is exclusive; and the least number that is not rounded to
   * zero.
   */
  private static final BigDecimal BEYOND = new BigDecimal(BigInteger.ONE.shiftLeft(16_384));

  private static final BigDecimal LEAST =
      BigDecimal.ONE.divide(new BigDecimal(BigInteger.ONE.shiftLeft(16_446)));

  private static final Pattern DECIMAL =
      Pattern.compile("([+-]?)(\\d+\\.?\\d*|\\.\\d+)(?:e([+-]?)(\\d+))?");

  private static final Pattern HEXADECIMAL =
      Pattern.compile("([+-]?)0x([0-9a-f]+\\.?[0-9a-f]*|\\.[0-9a-f]+)(?:p([+-]?)(\\d+))?");

  private static final Pattern INFINITE = Pattern.compile("[+-]?inf(inity)?");

  /** The value, or null if it is infinite. */
  private final @Nullable BigDecimal value;

  private ExtendedFloat(@Nullable BigDecimal value) {
    this.value = value;
  }

  /**
   * Parses a number.
   *
   * @throws RespException if it is malformed
   */
  public static ExtendedFloat parse(byte[] bytes) {
    if (bytes.length >= MAX_TEXT_BYTES) {
      throw invalid();
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (INFINITE.matcher(text).matches()) {
      return new ExtendedFloat(null);
    }
    Matcher decimal = DECIMAL.matcher(text);
    if (decimal.matches()) {
      return rounded(scaled(decimal, new BigDecimal(withDigits(decimal.group(2))), 10));
    }
    Matcher hexadecimal = HEXADECIMAL.matcher(text);
    if (hexadecimal.matches()) {
      return rounded(scaled(hexadecimal, hexadecimal(hexadecimal.group(2)), 2));
    }
    throw invalid();
  }

  private static String withDigits(String digits) {
    return digits.endsWith(".") ? digits + "0" : digits;
  }

  private static BigDecimal hexadecimal(String text) {
    int point = text.indexOf('.');
    String digits = text.replace(".", "");
    int fraction = point < 0 ? 0 : text.length() - point - 1;
    BigDecimal whole = new BigDecimal(new BigInteger(digits, 16));
    return whole.divide(new BigDecimal(BigInteger.ONE.shiftLeft(4 * fraction)));
  }

  private static BigDecimal scaled(Matcher number, BigDecimal digits, int base) {
    BigDecimal signed = number.group(1).equals("-") ? digits.negate() : digits;
    String exponent = number.group(4);
    if (exponent == null || digits.signum() == 0) {
      return signed;
    }
    String significant = exponent.replaceFirst("^0+(?=.)", "");
    if (significant.length() > MAX_EXPONENT_DIGITS) {
      throw invalid();
    }
    int power = Integer.parseInt(significant);
    if (power > MAX_DECIMAL_EXPONENT) {
      throw invalid();
    }
    boolean down = number.group(3).equals("-");
    if (base == 10) {
      return signed.scaleByPowerOfTen(down ? -power : power);
    }
    BigDecimal factor = new BigDecimal(BigInteger.ONE.shiftLeft(power));
    return down ? signed.divide(factor) : signed.multiply(factor);
  }

  private static ExtendedFloat rounded(BigDecimal exact) {
    BigDecimal value = round(exact);
    BigDecimal magnitude = value.abs();
    boolean isTooSmall = exact.signum() != 0 && magnitude.compareTo(LEAST) < 0;
    if (magnitude.compareTo(BEYOND) >= 0 || isTooSmall) {
      throw invalid();
    }
    return new ExtendedFloat(value);
  }

  /** Rounds to the nearest number with this many bits, ties to even. */
  private static BigDecimal round(BigDecimal exact) {
    if (exact.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal magnitude = exact.abs();
    int shift = MANTISSA_BITS - bits(magnitude);
    BigInteger mantissa = mantissa(magnitude, shift);
    BigDecimal value =
        shift >= 0
            ? new BigDecimal(mantissa).divide(new BigDecimal(BigInteger.ONE.shiftLeft(shift)))
            : new BigDecimal(mantissa.shiftLeft(-shift));
    return exact.signum() < 0 ? value.negate() : value;
  }

  /** Returns the number of bits before the point; negative if zeros follow it. */
  private static int bits(BigDecimal magnitude) {
    BigInteger whole = magnitude.toBigInteger();
    if (whole.signum() > 0) {
      return whole.bitLength();
    }
    int atMost = (int) Math.ceil((magnitude.scale() - magnitude.precision() + 1) * 3.33) + 1;
    BigInteger raised =
        magnitude.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(atMost + 4))).toBigInteger();
    return raised.bitLength() - atMost - 4;
  }

  private static BigInteger mantissa(BigDecimal magnitude, int shift) {
    BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(shift)));
    BigDecimal scaled = shift >= 0 ? magnitude.multiply(power) : magnitude.divide(power);
    return scaled.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
  }

  /**
   * Adds another number.
   *
   * @throws RespException if the sum is too large
   */
  public ExtendedFloat plus(ExtendedFloat other) {
    if (value == null || other.value == null) {
      throw infinite();
    }
    BigDecimal sum = round(value.add(other.value));
    if (sum.abs().compareTo(BEYOND) >= 0) {
      throw infinite();
    }
    return new ExtendedFloat(sum);
  }

  /** Formats the number with as many decimals as needed, but at most 17. */
  public byte[] text() {
    if (value == null) {
      throw infinite();
    }
    BigDecimal cut = value.setScale(DECIMALS, RoundingMode.HALF_EVEN);
    String text = cut.signum() == 0 ? "0" : cut.stripTrailingZeros().toPlainString();
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static RespException invalid() {
    return new RespException("ERR value is not a valid float");
  }

  private static RespException infinite() {
    return new RespException("ERR increment would produce NaN or Infinity");
  }
}
