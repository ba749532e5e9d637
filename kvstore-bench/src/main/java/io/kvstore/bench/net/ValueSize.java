package io.kvstore.bench.net;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Value lengths, uniformly distributed between the least and the most. */
record ValueSize(int minBytes, int maxBytes) {
  private static final int MAX_BYTES = 64 << 20;

  @Override
  public String toString() {
    return minBytes == maxBytes ? Integer.toString(minBytes) : minBytes + ".." + maxBytes;
  }

  /** Reads {@code 100} or {@code 16..65536}. */
  static final class Reader implements ITypeConverter<ValueSize> {
    @Override
    public ValueSize convert(String text) {
      String[] parts = text.split("\\.\\.", 2);
      try {
        int min = Integer.parseInt(parts[0]);
        int max = Integer.parseInt(parts[parts.length - 1]);
        if (min >= Values.MIN_BYTES && min <= max && max <= MAX_BYTES) {
          return new ValueSize(min, max);
        }
      } catch (NumberFormatException e) {
        // Rejected below, like lengths out of bounds.
      }
      throw new TypeConversionException(
          String.format(
              Locale.ROOT,
              "'%s' is not a length like 100 or 16..4096, from %d to %d",
              text,
              Values.MIN_BYTES,
              MAX_BYTES));
    }
  }
}
