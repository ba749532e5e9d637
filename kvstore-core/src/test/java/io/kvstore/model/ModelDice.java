package io.kvstore.model;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The random choices of a run, from one seed: operations, keys and values. Keys are ASCII, so their
 * characters are their bytes.
 */
final class ModelDice {
  private static final int KEYS = 300;

  /** Keys of large values, which bring a store to its limit. */
  private static final int BALLAST_KEYS = 48;

  private static final int MIN_BALLAST_BYTES = 20_000;

  private final Random random;
  private final String[] keys;
  private final String[] ballast;

  /** Makes values differ. */
  private long values;

  ModelDice(long seed) {
    this(new Random(seed), allKeys(), allBallast());
  }

  private ModelDice(Random random, String[] keys, String[] ballast) {
    this.random = random;
    this.keys = keys;
    this.ballast = ballast;
  }

  /** Returns the same dice for fewer keys. */
  ModelDice without(Set<String> left) {
    ModelDice dice = new ModelDice(random, except(keys, left), except(ballast, left));
    dice.values = values;
    return dice;
  }

  private static String[] except(String[] keys, Set<String> left) {
    return Arrays.stream(keys).filter(key -> !left.contains(key)).toArray(String[]::new);
  }

  private static String[] allKeys() {
    String[] keys = new String[KEYS];
    for (int i = 0; i < KEYS; i++) {
      keys[i] = i == 0 ? "" : text(i, keyLength(i));
    }
    return keys;
  }

  private static int keyLength(int number) {
    return switch (number % 10) {
      case 0 -> 1;
      case 1 -> 100;
      case 2 -> number < 20 ? 5_000 : 30;
      default -> 10;
    };
  }

  private static String[] allBallast() {
    String[] keys = new String[BALLAST_KEYS];
    for (int i = 0; i < BALLAST_KEYS; i++) {
      keys[i] = "ballast" + i;
    }
    return keys;
  }

  /** Returns a number from 0 to one less than a bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Returns true once in so many times. */
  boolean once(int times) {
    return random.nextInt(times) == 0;
  }

  boolean even() {
    return random.nextBoolean();
  }

  /** Returns one of some choices. */
  <T> T of(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }

  Random random() {
    return random;
  }

  /** Returns all keys but those of the ballast. */
  String[] keys() {
    return keys;
  }

  /** Returns a key, some more often than others. */
  String key() {
    return keys[Math.min(random.nextInt(keys.length), random.nextInt(keys.length))];
  }

  /** Returns a key that stands for nothing but weight. */
  String ballastKey() {
    return of(ballast);
  }

  String ballastValue() {
    return text(values++, MIN_BALLAST_BYTES + random.nextInt(MIN_BALLAST_BYTES));
  }

  @Nullable Duration ttl() {
    return once(4) ? Duration.ofMillis(1 + random.nextInt(100)) : null;
  }

  String value() {
    int length =
        switch (random.nextInt(20)) {
          case 0 -> 0;
          case 1, 2 -> 1;
          case 3 -> random.nextInt(1_000);
          case 4 -> once(20) ? 5_000 + random.nextInt(20_000) : 7;
          default -> 100;
        };
    return text(values++, length);
  }

  /** Returns a text of some length that starts with a number, if there is room for it. */
  private static String text(long number, int length) {
    String start = length == 1 ? String.valueOf((char) ('!' + number % 90)) : number + ".";
    return (start + "-".repeat(length)).substring(0, length);
  }
}
