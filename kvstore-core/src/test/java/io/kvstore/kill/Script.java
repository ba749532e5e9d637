package io.kvstore.kill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The script of each thread of the writing process, one step after the other: derived from numbers
 * alone, so that the checker knows it too. Values identify the step that has written them.
 *
 * @param round the number of the writing process of a directory
 */
record Script(long seed, int round) {
  private static final int SHARED_KEYS = 80;

  /** Keys of large values, which keep the store at its limit. */
  private static final int BALLAST_KEYS = 80;

  private static final int MIN_BALLAST_BYTES = 5_000;
  private static final int MAX_BALLAST_BYTES = 40_000;
  private static final int MAX_BYTES = 300;
  private static final int MAX_IN_BATCH = 6;

  /** The kind of call of a step. */
  enum Kind {
    PUT,
    DELETE,
    BATCH,
    PUT_IF_ABSENT,
    GET_AND_PUT,
    GET_AND_DELETE,
    COMPUTE
  }

  /**
   * The change of a key.
   *
   * @param value null for a delete
   * @param ttl null if it never expires
   */
  record Change(String key, @Nullable Value value, @Nullable Duration ttl) {

    boolean isDelete() {
      return value == null;
    }
  }

  /**
   * A value: the step and change that have written it, and its length.
   *
   * @param change the index in a batch
   */
  record Value(Name step, int change, int fillers) {

    String text() {
      return this + "-".repeat(fillers);
    }

    /** Tells whether this is what was stored. */
    boolean is(@Nullable String stored) {
      String start = toString();
      return stored != null
          && stored.length() == start.length() + fillers
          && stored.startsWith(start);
    }

    @Override
    public String toString() {
      return step + "." + change + ":";
    }
  }

  /**
   * One step, which is a call.
   *
   * @param changes one, or those of a batch
   */
  record Step(Kind kind, List<Change> changes) {

    boolean deletesOnly() {
      return changes.stream().allMatch(Change::isDelete);
    }
  }

  /** Returns the n-th step of a thread. */
  Step step(int thread, int n) {
    SplittableRandom random =
        new SplittableRandom(((seed * 31 + round) * 31 + thread) * 1_000_003 + n);
    Name name = new Name(round, thread, n);
    int choice = random.nextInt(100);
    if (choice < 35) {
      return new Step(Kind.PUT, List.of(put(random, name, key(random))));
    } else if (choice < 42) {
      return new Step(Kind.PUT, List.of(put(random, name, ballast(random))));
    } else if (choice < 52) {
      return new Step(Kind.DELETE, List.of(delete(key(random))));
    } else if (choice < 60) {
      return new Step(Kind.DELETE, List.of(delete(ballast(random))));
    } else if (choice < 80) {
      return batch(random, name);
    }
    Kind kind =
        switch (choice % 4) {
          case 0 -> Kind.PUT_IF_ABSENT;
          case 1 -> Kind.GET_AND_PUT;
          case 2 -> Kind.GET_AND_DELETE;
          default -> Kind.COMPUTE;
        };
    String key = key(random);
    boolean deletes = kind == Kind.GET_AND_DELETE;
    Value value = deletes ? null : value(random, name, 0, MAX_BYTES);
    return new Step(kind, List.of(new Change(key, value, null)));
  }

  /** Often with a delete at its end, which others may have made before. */
  private static Step batch(SplittableRandom random, Name name) {
    List<Change> changes = new ArrayList<>();
    int size = 1 + random.nextInt(MAX_IN_BATCH);
    for (int i = 0; i < size; i++) {
      String key = random.nextInt(4) == 0 ? ballast(random) : key(random);
      boolean deletes = random.nextInt(3) == 0 || (i == size - 1 && random.nextBoolean());
      int most = key.startsWith("b") ? MAX_BALLAST_BYTES : MAX_BYTES;
      changes.add(
          deletes ? delete(key) : new Change(key, value(random, name, i, most), ttl(random, key)));
    }
    return new Step(Kind.BATCH, changes);
  }

  private static Change put(SplittableRandom random, Name name, String key) {
    int most = key.startsWith("b") ? MAX_BALLAST_BYTES : MAX_BYTES;
    return new Change(key, value(random, name, 0, most), ttl(random, key));
  }

  private static Change delete(String key) {
    return new Change(key, null, null);
  }

  private static String key(SplittableRandom random) {
    return "k" + random.nextInt(SHARED_KEYS);
  }

  private static String ballast(SplittableRandom random) {
    return "b" + random.nextInt(BALLAST_KEYS);
  }

  private static @Nullable Duration ttl(SplittableRandom random, String key) {
    return key.startsWith("k") && random.nextInt(5) == 0
        ? Duration.ofMillis(1 + random.nextInt(400))
        : null;
  }

  private static Value value(SplittableRandom random, Name name, int change, int most) {
    int least = most == MAX_BALLAST_BYTES ? MIN_BALLAST_BYTES : 0;
    return new Value(name, change, least + random.nextInt(most - least));
  }

  /** The identity of the step that has written a value. */
  record Name(int round, int thread, int step) {

    /** Returns what a value says, or null if no step can have written it. */
    static @Nullable Name of(String value) {
      String[] parts = value.substring(0, Math.max(0, value.indexOf(':'))).split("\\.", -1);
      try {
        return parts.length < 4
            ? null
            : new Name(
                Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
      } catch (NumberFormatException e) {
        return null;
      }
    }

    @Override
    public String toString() {
      return round + "." + thread + "." + step;
    }
  }
}
