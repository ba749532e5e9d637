package io.kvstore.engine;

import io.kvstore.KeyRange;
import io.kvstore.codec.Codec;
import java.util.Arrays;
import java.util.Collections;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * A range of encoded keys: the encoded form of a {@link KeyRange}, with an inclusive lower and an
 * exclusive upper bound.
 */
public final class ByteRange {
  private final byte[] lower;
  private final byte @Nullable [] upper;
  private final boolean reversed;

  /**
   * @param lower the inclusive lower bound
   * @param upper the exclusive upper bound, or null for none
   */
  private ByteRange(byte[] lower, byte @Nullable [] upper, boolean reversed) {
    this.lower = lower;
    this.upper = upper;
    this.reversed = reversed;
  }

  public static <K> ByteRange of(KeyRange<K> range, Codec<K> keys) {
    byte[] lower = {};
    byte[] upper = null;
    K prefix = range.prefix();
    if (prefix != null) {
      lower = keys.encode(prefix).clone();
      upper = behindAllThatBeginWith(lower);
    }
    K from = range.lower();
    if (from != null) {
      byte[] key = keys.encode(from);
      lower = later(lower, range.isLowerIncluded() ? key.clone() : next(key));
    }
    K to = range.upper();
    if (to != null) {
      byte[] key = keys.encode(to);
      byte[] end = range.isUpperIncluded() ? next(key) : key.clone();
      upper = upper == null || Arrays.compareUnsigned(end, upper) < 0 ? end : upper;
    }
    return new ByteRange(lower, upper, range.isReversed());
  }

  /** Returns the immediate successor of a key: the key followed by a zero byte. */
  private static byte[] next(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private static byte[] later(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
  }

  private static byte @Nullable [] behindAllThatBeginWith(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] end = Arrays.copyOf(prefix, length);
    end[length - 1]++;
    return end;
  }

  boolean contains(byte[] key) {
    return Arrays.compareUnsigned(key, lower) >= 0
        && (upper == null || Arrays.compareUnsigned(key, upper) < 0);
  }

  /** Returns the rest of the range after a key, in its direction. */
  ByteRange behind(byte[] key) {
    if (reversed) {
      boolean sooner = upper == null || Arrays.compareUnsigned(key, upper) < 0;
      return new ByteRange(lower, sooner ? key : upper, true);
    }
    return new ByteRange(later(lower, next(key)), upper, false);
  }

  /** Returns the subset of keys in the range, in its direction. */
  public NavigableSet<byte[]> of(NavigableSet<byte[]> all) {
    byte[] end = upper;
    if (end != null && Arrays.compareUnsigned(lower, end) >= 0) {
      return Collections.emptyNavigableSet();
    }
    NavigableSet<byte[]> part =
        end == null ? all.tailSet(lower, true) : all.subSet(lower, true, end, false);
    return reversed ? part.descendingSet() : part;
  }
}
