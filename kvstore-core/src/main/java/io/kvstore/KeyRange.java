package io.kvstore;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A range of keys, with a direction. Keys are ordered by their encoded bytes, compared as unsigned
 * numbers, and a prefix comes before the keys that it begins: for strings that is the order of code
 * points, for non-negative longs that of the numbers.
 *
 * <p>Immutable. A range that contains no key is not an error.
 *
 * @param <K> the type of the keys
 */
public final class KeyRange<K> {
  private final @Nullable K lower;
  private final @Nullable K upper;
  private final @Nullable K prefix;
  private final boolean lowerIncluded;
  private final boolean upperIncluded;
  private final boolean reversed;

  private KeyRange(Bound<K> lower, Bound<K> upper, @Nullable K prefix, boolean reversed) {
    this.lower = lower.key();
    this.lowerIncluded = lower.included();
    this.upper = upper.key();
    this.upperIncluded = upper.included();
    this.prefix = prefix;
    this.reversed = reversed;
  }

  private record Bound<K>(@Nullable K key, boolean included) {}

  /** Returns the range of all keys. */
  public static <K> KeyRange<K> all() {
    Bound<K> none = new Bound<>(null, false);
    return new KeyRange<>(none, none, null, false);
  }

  /** Returns the range of the keys whose encoded bytes begin with those of {@code prefix}. */
  public static <K> KeyRange<K> prefix(K prefix) {
    Bound<K> none = new Bound<>(null, false);
    return new KeyRange<>(none, none, Objects.requireNonNull(prefix, "prefix"), false);
  }

  /** Returns the keys of this range that are {@code key} or come after it. */
  public KeyRange<K> from(K key) {
    return withLower(key, true);
  }

  /** Returns the keys of this range that come after {@code key}. */
  public KeyRange<K> after(K key) {
    return withLower(key, false);
  }

  /** Returns the keys of this range that are {@code key} or come before it. */
  public KeyRange<K> to(K key) {
    return withUpper(key, true);
  }

  /** Returns the keys of this range that come before {@code key}. */
  public KeyRange<K> before(K key) {
    return withUpper(key, false);
  }

  /** Returns the same keys in the opposite direction. */
  public KeyRange<K> reversed() {
    return new KeyRange<>(lowerBound(), upperBound(), prefix, !reversed);
  }

  private KeyRange<K> withLower(K key, boolean included) {
    Bound<K> bound = new Bound<>(Objects.requireNonNull(key, "key"), included);
    return new KeyRange<>(bound, upperBound(), prefix, reversed);
  }

  private KeyRange<K> withUpper(K key, boolean included) {
    Bound<K> bound = new Bound<>(Objects.requireNonNull(key, "key"), included);
    return new KeyRange<>(lowerBound(), bound, prefix, reversed);
  }

  private Bound<K> lowerBound() {
    return new Bound<>(lower, lowerIncluded);
  }

  private Bound<K> upperBound() {
    return new Bound<>(upper, upperIncluded);
  }

  /** Returns the key at which the range starts, or null if it starts with the first. */
  public @Nullable K lower() {
    return lower;
  }

  /** Returns whether {@link #lower} is in the range. */
  public boolean isLowerIncluded() {
    return lowerIncluded;
  }

  /** Returns the key at which the range ends, or null if it ends with the last. */
  public @Nullable K upper() {
    return upper;
  }

  /** Returns whether {@link #upper} is in the range. */
  public boolean isUpperIncluded() {
    return upperIncluded;
  }

  /** Returns the prefix of all keys of the range, or null for any. */
  public @Nullable K prefix() {
    return prefix;
  }

  /** Returns whether the last key comes first. */
  public boolean isReversed() {
    return reversed;
  }
}
