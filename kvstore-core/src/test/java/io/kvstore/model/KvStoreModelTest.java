package io.kvstore.model;

import io.kvstore.KvStoreBuilder;
import io.kvstore.model.ModelRun.Setting;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.QuickDirectories;
import io.kvstore.testing.Warnings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The model test: random operations on a store and on a map, which must agree, also after reopening
 * in any durability mode and after crashes, with and without a tight disk limit. A failure names
 * the seed.
 *
 * <p>{@code -Dmodel.seed} is the first seed, drawn in the long form and always the same in the
 * gate, where a run must not pass or fail by luck. {@code -Dmodel.seeds=20} sets the number of runs
 * of each test, each with the next seed, and {@code -Dmodel.operations=1000000} the number of
 * operations of each run.
 */
class KvStoreModelTest {
  private static final long SEED = LongForm.seed("model.seed");
  private static final int SEEDS = LongForm.of("model.seeds", 1, 20);
  private static final long OPERATIONS = LongForm.of("model.operations", 12_000, 1_000_000);

  /** In runs of more operations than this, those that take long are rare. */
  private static final long SHORT = 200_000;

  private static final int LONG_RARITY = 20;
  private static final int RARITY = OPERATIONS > SHORT ? LONG_RARITY : 1;

  /** As little as a store may have, or somewhat more. */
  private static final int MOST_ABOVE_LEAST = 300_000;

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  private Warnings warnings;

  /** Torn tails are cut off by the hundred: no place for that on the console. */
  @BeforeEach
  void collectWarnings() {
    warnings = Warnings.collect();
  }

  @AfterEach
  void stopCollecting() {
    warnings.close();
  }

  @Test
  void storeInADirectoryDoesWhatAMapDoes() {
    check(directory, false);
  }

  @Test
  void storeInADirectoryAtItsLimitDoesWhatAMapDoes() {
    check(directory, true);
  }

  @Test
  void storeInMemoryDoesWhatAMapDoes() {
    check(null, false);
  }

  @Test
  void storeInMemoryAtItsLimitDoesWhatAMapDoes() {
    check(null, true);
  }

  @Test
  void storeWithDamagedRecordsDoesWhatAMapDoesWithoutThem() {
    check("with damage", seed -> new Setting(directory, Long.MAX_VALUE, RARITY, true));
  }

  private static void check(@Nullable Path root, boolean limited) {
    String what =
        (root == null ? "in memory" : "in a directory") + (limited ? " at its limit" : "");
    check(what, seed -> new Setting(root, limited ? limit(seed) : Long.MAX_VALUE, RARITY, false));
  }

  /** Returns a limit that is as low as it may be, or somewhat higher. */
  private static long limit(long seed) {
    return KvStoreBuilder.MIN_DISK_BYTES + new Random(seed).nextInt(MOST_ABOVE_LEAST);
  }

  private static void check(String what, LongFunction<Setting> settings) {
    ModelTally tally = new ModelTally();
    for (long seed = SEED; seed < SEED + SEEDS; seed++) {
      long before = tally.operations();
      try {
        new ModelRun(seed, settings.apply(seed), tally).run(OPERATIONS);
      } catch (IOException | RuntimeException | AssertionError e) {
        long done = tally.operations() - before;
        throw new AssertionError("seed " + seed + ", operation " + done + ": " + e.getMessage(), e);
      }
    }
    System.out.printf("model test %s, %d seeds from %d: %s%n", what, SEEDS, SEED, tally);
  }
}
