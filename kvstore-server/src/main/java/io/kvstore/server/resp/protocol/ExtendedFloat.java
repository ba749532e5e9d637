package io.kvstore.server.resp.protocol;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A floating-point number in the format that Redis uses on most machines: 64 bits of mantissa, 15
 * of exponent. Formatted with up to 17 decimals.
 *
 * <p>All arithmetic is on integers of at most some 50,000 bits and by powers of two, so that the
 * cost of an operation is bounded by the range of the format, whatever the text.
 */
public final class ExtendedFloat {
  private static final int MANTISSA_BITS = 64;
  private static final int DECIMALS = 17;
  private static final double BITS_PER_DIGIT = 3.3219280948873626;
  private static final BigInteger DECIMAL_UNIT = BigInteger.TEN.pow(DECIMALS);

  /** The maximum length of a text. */
  private static final int MAX_TEXT_BYTES = 5 * 1024;

  /**
   * The maximum number of digits of an exponent; more exceed the range, and need not be computed.
   */
  private static final int MAX_EXPONENT_DIGITS = 6;

  private static final int MAX_EXPONENT = 20_000;

  /** The binary exponent that finite numbers stay below, as the number of bits before the point. */
  private static final int MAX_BITS = 16_384;

  /** The number of bits before the point of the least number that is not rounded to zero. */
  private static final int MIN_BITS = -16_445;

  /** Powers of ten that are beyond all numbers, on either side. */
  private static final int BEYOND_DIGITS = 4_940;

  private static final int BELOW_DIGITS = -4_960;

  // Possessive, so that a text that does not match costs no more than its length.
  private static final Pattern DECIMAL =
      Pattern.compile("([+-]?)(\\d++(?:\\.\\d*+)?|\\.\\d++)(?:e([+-]?)(\\d++))?");

  private static final Pattern HEXADECIMAL =
      Pattern.compile("([+-]?)0x([0-9a-f]++(?:\\.[0-9a-f]*+)?|\\.[0-9a-f]++)(?:p([+-]?)(\\d++))?");

  private static final Pattern INFINITE = Pattern.compile("[+-]?inf(inity)?");

  public static final ExtendedFloat ZERO = new ExtendedFloat(BigInteger.ZERO, 0, true);
  private static final ExtendedFloat INFINITY = new ExtendedFloat(BigInteger.ZERO, 0, false);

  /** The value is {@code mantissa * 2^exponent}; the mantissa has the sign. */
  private final BigInteger mantissa;

  private final int exponent;
  private final boolean finite;

  private ExtendedFloat(BigInteger mantissa, int exponent, boolean finite) {
    this.mantissa = mantissa;
    this.exponent = exponent;
    this.finite = finite;
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
      return INFINITY;
    }
    Matcher decimal = DECIMAL.matcher(text);
    if (decimal.matches()) {
      return checked(decimal(decimal));
    }
    Matcher hexadecimal = HEXADECIMAL.matcher(text);
    if (hexadecimal.matches()) {
      return checked(hexadecimal(hexadecimal));
    }
    throw invalid();
  }

  private static ExtendedFloat decimal(Matcher number) {
    BigInteger digits = digits(number, 10);
    if (digits.signum() == 0) {
      return ZERO;
    }
    int power = exponent(number) - decimals(number);
    // The number of digits, within one.
    long before = power + (long) (digits.bitLength() / BITS_PER_DIGIT);
    if (before > BEYOND_DIGITS || before < BELOW_DIGITS) {
      throw invalid();
    }
    BigInteger factor = BigInteger.TEN.pow(Math.abs(power));
    if (power >= 0) {
      return rounded(digits.multiply(factor), 0, false);
    }
    // Two bits more than the mantissa has, and whether anything follows them, decide the rounding.
    int shift = Math.max(0, factor.bitLength() - digits.bitLength() + MANTISSA_BITS + 2);
    BigInteger[] quotient = digits.shiftLeft(shift).divideAndRemainder(factor);
    return rounded(quotient[0], -shift, quotient[1].signum() != 0);
  }

  private static ExtendedFloat hexadecimal(Matcher number) {
    BigInteger digits = digits(number, 16);
    return digits.signum() == 0
        ? ZERO
        : rounded(digits, exponent(number) - 4 * decimals(number), false);
  }

  /** Returns the digits of a number without their point, with the sign. */
  private static BigInteger digits(Matcher number, int radix) {
    BigInteger digits = new BigInteger(number.group(2).replace(".", ""), radix);
    return number.group(1).equals("-") ? digits.negate() : digits;
  }

  /** Returns the number of digits after the point. */
  private static int decimals(Matcher number) {
    int point = number.group(2).indexOf('.');
    return point < 0 ? 0 : number.group(2).length() - point - 1;
  }

  private static int exponent(Matcher number) {
    String exponent = number.group(4);
    if (exponent == null) {
      return 0;
    }
    String significant = exponent.replaceFirst("^0+(?=.)", "");
    if (significant.length() > MAX_EXPONENT_DIGITS) {
      throw invalid();
    }
    int power = Integer.parseInt(significant);
    if (power > MAX_EXPONENT) {
      throw invalid();
    }
    return number.group(3).equals("-") ? -power : power;
  }

  private static ExtendedFloat checked(ExtendedFloat value) {
    if (value.bits() > MAX_BITS || (value.mantissa.signum() != 0 && value.bits() < MIN_BITS)) {
      throw invalid();
    }
    return value;
  }

  /** Returns the number of bits before the point; negative if zeros follow it. */
  private int bits() {
    return mantissa.signum() == 0 ? 0 : mantissa.abs().bitLength() + exponent;
  }

  /**
   * Returns the number nearest to {@code digits * 2^exponent}, ties to even.
   *
   * @param more whether the exact value is a little farther from zero; then the digits have more
   *     than the bits of the mantissa
   */
  private static ExtendedFloat rounded(BigInteger digits, int exponent, boolean more) {
    BigInteger magnitude = digits.abs();
    int drop = magnitude.bitLength() - MANTISSA_BITS;
    if (drop <= 0) {
      return new ExtendedFloat(digits, exponent, true);
    }
    BigInteger kept = halfEven(magnitude, drop, more);
    return new ExtendedFloat(digits.signum() < 0 ? kept.negate() : kept, exponent + drop, true);
  }

  /** Divides by a power of two, and rounds to the nearest integer, ties to even. */
  private static BigInteger halfEven(BigInteger magnitude, int drop, boolean more) {
    BigInteger kept = magnitude.shiftRight(drop);
    boolean half = magnitude.testBit(drop - 1);
    boolean beyondHalf = more || magnitude.getLowestSetBit() < drop - 1;
    return half && (beyondHalf || kept.testBit(0)) ? kept.add(BigInteger.ONE) : kept;
  }

  /**
   * Adds another number.
   *
   * @throws RespException if the sum is too large
   */
  public ExtendedFloat plus(ExtendedFloat other) {
    if (!finite || !other.finite) {
      throw infinite();
    }
    int least = Math.min(exponent, other.exponent);
    BigInteger exact =
        mantissa.shiftLeft(exponent - least).add(other.mantissa.shiftLeft(other.exponent - least));
    ExtendedFloat sum = rounded(exact, least, false);
    if (sum.bits() > MAX_BITS) {
      throw infinite();
    }
    return sum;
  }

  /** Returns about how many digits the text has before the point. */
  public int digits() {
    return (int) (Math.max(0, bits()) / BITS_PER_DIGIT);
  }

  /** Formats the number with as many decimals as needed, but at most 17. */
  public byte[] text() {
    if (!finite) {
      throw infinite();
    }
    if (exponent >= 0) {
      return ascii(mantissa.shiftLeft(exponent).toString());
    }
    BigInteger units = halfEven(mantissa.abs().multiply(DECIMAL_UNIT), -exponent, false);
    if (units.signum() == 0) {
      return ascii("0");
    }
    String digits = units.toString();
    StringBuilder text = new StringBuilder("0".repeat(Math.max(0, DECIMALS + 1 - digits.length())));
    text.append(digits).insert(text.length() - DECIMALS, '.');
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    text.setLength(text.charAt(end - 1) == '.' ? end - 1 : end);
    return ascii(mantissa.signum() < 0 ? "-" + text : text.toString());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static RespException invalid() {
    return new RespException("ERR value is not a valid float");
  }

  private static RespException infinite() {
    return new RespException("ERR increment would produce NaN or Infinity");
  }
}
