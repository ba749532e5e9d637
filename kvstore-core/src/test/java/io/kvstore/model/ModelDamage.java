package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kvstore.Batch;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.Snapshot;
import io.kvstore.engine.StoreDoor;
import io.kvstore.model.Model.Held;
import io.kvstore.model.ModelTally.Event;
import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ManualClock;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Damage covered by a checkpoint: bits are flipped in a store whose records are not read when it is
 * opened. Each flip costs one entry and nothing else. Reads of that entry report file and offset;
 * it can be overwritten and deleted; everything else works and is unchanged.
 *
 * <p>Operations that read all entries, or all records, may find the damage: they succeed, or report
 * file and offset.
 */
final class ModelDamage {
  private static final int STEPS = 150;
  private static final int OVERWRITES = 60;
  private static final String INDEX = "index";
  private static final Storage NO_DISK = FaultyStorage.withoutSyncs();

  private final ModelDice dice;
  private final ManualClock clock;
  private final ModelTally tally;
  private final Path directory;
  private final Path copy;
  private final FlippedBits flipped;
  private final ModelledStore others;
  private final ModelCalls calls;
  private final ModelConditions conditions;
  private final ModelBatches batches;

  /** Keys whose entries are damaged and have not been replaced. */
  private final Set<String> damaged;

  private ModelDamage(Path directory, FlippedBits flipped, ModelledStore others) {
    this.dice = others.dice();
    this.clock = others.clock();
    this.tally = others.tally();
    this.directory = directory;
    this.copy = directory.resolveSibling(directory.getFileName() + "-copy");
    this.flipped = flipped;
    this.damaged = new HashSet<>(flipped.keys());
    this.others = others;
    this.calls = new ModelCalls(others);
    this.conditions = new ModelConditions(others);
    this.batches = new ModelBatches(others);
  }

  /**
   * Damages a store that was closed, and uses it; it is whole again at the end, but for what no
   * entry needs.
   *
   * @param directory a copy, with its index
   */
  static void run(Path directory, ModelledStore of) throws IOException {
    of.tally().add(Event.DAMAGES);
    Map<String, Held> state = of.model().state();
    FlippedBits flipped = FlippedBits.in(directory, state, of.dice());
    state.keySet().removeAll(flipped.keys());
    ModelDice dice = of.dice().without(flipped.keys());
    Model model = new Model(of.clock(), state);
    ModelledStore others = new ModelledStore(dice, of.clock(), model, of.tally());
    try {
      new ModelDamage(directory, flipped, others).run(of.dice());
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(flipped + ": " + e.getMessage(), e);
    }
  }

  private void run(ModelDice allKeys) throws IOException {
    open();
    try {
      for (int i = 0; i < STEPS; i++) {
        step();
      }
      others.settle();
      for (String key : List.copyOf(damaged)) {
        replace(key);
      }
      compactsAround();
      compareAll(allKeys);
    } finally {
      others.store().close();
    }
    open();
    compareAll(allKeys);
    others.store().close();
    Files.deleteIfExists(directory.resolve(INDEX));
    opensOrComplains(directory);
  }

  private KvStore<String, String> store() {
    return others.store();
  }

  private void open() {
    ModelOpening opening = ModelOpening.any(dice, Long.MAX_VALUE, false);
    others.use(opening.open(directory, clock, NO_DISK), opening);
  }

  private void step() throws IOException {
    int choice = dice.below(100);
    if (choice < 40) {
      calls.call(dice.key());
    } else if (choice < 50) {
      conditions.call(dice.key());
    } else if (choice < 60) {
      batches.write();
    } else {
      others.settle();
      if (choice < 75 && !damaged.isEmpty()) {
        fails(dice.of(damaged.toArray(String[]::new)));
      } else if (choice < 79 && !damaged.isEmpty()) {
        mayFail(dice.of(damaged.toArray(String[]::new)));
      } else if (choice < 81 && !damaged.isEmpty()) {
        replace(dice.of(damaged.toArray(String[]::new)));
      } else {
        stepOfAll(choice);
      }
    }
  }

  private void stepOfAll(int choice) throws IOException {
    if (choice < 84) {
      clock.pass(Duration.ofMillis(dice.below(50)));
    } else if (choice < 87) {
      store().compact();
    } else if (choice < 90) {
      store().sync();
    } else if (choice < 92) {
      if (others.opening().quiet()) {
        StoreDoor.checkpoint(store());
      }
    } else if (choice < 94) {
      snapshot();
    } else if (choice < 96) {
      worksOrComplains(() -> store().forEach(entry -> {}));
    } else if (choice < 97) {
      worksOrComplains(() -> store().backup(copy));
      deleteCopy();
    } else if (choice < 98) {
      compareOthers(store());
    } else if (choice < 99) {
      StoreFiles.copy(directory, copy);
      opensOrComplains(copy);
      deleteCopy();
    } else {
      store().close();
      open();
      compareOthers(store());
    }
  }

  private void deleteCopy() throws IOException {
    if (Files.exists(copy)) {
      StoreFiles.delete(copy);
    }
  }

  // ---- the entries that are damaged

  /** Asks for what only the record can tell. */
  private void fails(String key) {
    String value = dice.value();
    KvStore<String, String> kv = store();
    ThrowingCallable call =
        switch (dice.below(14)) {
          case 0 -> () -> kv.view(key);
          case 1 -> () -> kv.entry(key);
          case 2 -> () -> kv.getAll(List.of(key));
          case 3 -> () -> kv.remaining(key);
          case 4 -> () -> kv.putIfAbsent(key, value);
          case 5 -> () -> kv.replace(key, "other", value);
          case 6 -> () -> kv.delete(key, "other");
          case 7 -> () -> kv.getAndPut(key, value);
          case 8 -> () -> kv.getAndDelete(key);
          case 9 -> () -> kv.compute(key, (k, found) -> value);
          case 10 -> () -> kv.touch(key, Duration.ofSeconds(1));
          default -> () -> kv.get(key);
        };
    Throwable failure = catchThrowable(call);
    assertThat(failure).as("what only the record can tell").isNotNull();
    requireComplaint(key, failure);
  }

  /** Asks for what the index, or a condition that can't hold, may answer. */
  private void mayFail(String key) {
    String other = dice.key();
    KvStore<String, String> kv = store();
    Batch<String, String> batch = kv.batch().put(other, "not written");
    ThrowingCallable call =
        switch (dice.below(5)) {
          case 0 -> () -> assertThat(kv.containsKey(key)).isTrue();
          case 1 -> () -> assertThat(kv.replaceVersion(key, Long.MAX_VALUE, "")).isFalse();
          case 2 -> () -> assertThat(kv.deleteVersion(key, Long.MAX_VALUE)).isFalse();
          case 3 -> () -> assertThat(kv.write(batch.requireAbsent(key)).applied()).isFalse();
          default ->
              () -> assertThat(kv.write(batch.requireVersion(key, 1L << 50)).applied()).isFalse();
        };
    Throwable failure = catchThrowable(call);
    if (failure != null) {
      requireComplaint(key, failure);
    }
    assertThat(kv.get(other)).isEqualTo(others.model().get(other));
  }

  private void requireComplaint(String key, Throwable failure) {
    boolean isComplaint =
        failure instanceof CorruptStoreException corrupt && flipped.isOf(key, corrupt);
    if (!isComplaint) {
      throw new AssertionError("not a complaint of the entry of " + key, failure);
    }
  }

  /** Gets rid of the damage, by a put, a delete or a batch. */
  private void replace(String key) {
    String value = dice.once(3) ? null : dice.value();
    Batch<String, String> batch = store().batch();
    String other = dice.key();
    boolean inBatch = dice.even();
    if (!inBatch && value == null) {
      store().delete(key);
    } else if (!inBatch) {
      store().put(key, value);
    } else {
      store().write((value == null ? batch.delete(key) : batch.put(key, value)).put(other, "too"));
      others.model().put(other, "too");
    }
    damaged.remove(key);
    assertThat(store().get(key)).isEqualTo(value);
    if (value != null) {
      others.model().put(key, value);
    }
  }

  private void snapshot() {
    String other = dice.key();
    try (Snapshot<String, String> snapshot = store().snapshot()) {
      calls.put(other, dice.value());
      for (String key : damaged) {
        requireComplaint(key, catchThrowable(() -> snapshot.get(key)));
      }
      worksOrComplains(() -> snapshot.forEach(entry -> {}));
    }
  }

  // ---- everything else

  private void worksOrComplains(ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    boolean isFine =
        failure == null
            || (failure instanceof CorruptStoreException corrupt && flipped.isAny(corrupt));
    if (!isFine) {
      throw new AssertionError("neither works nor names the damage", failure);
    }
  }

  /** Checks that a directory is refused for its damage, or opens with all that is whole. */
  private void opensOrComplains(Path opened) {
    worksOrComplains(
        () -> {
          ModelOpening opening = ModelOpening.any(dice, Long.MAX_VALUE, false);
          try (KvStore<String, String> again = opening.open(opened, clock, NO_DISK)) {
            compareOthers(again);
          }
        });
  }

  private void compareOthers(KvStore<String, String> with) {
    for (String key : dice.keys()) {
      assertThat(with.get(key)).isEqualTo(others.model().get(key));
    }
    assertThat(with.size())
        .isBetween(
            (long) others.model().entries().size() + damaged.size(),
            (long) others.model().sizeWithExpired() + damaged.size());
  }

  /** Compares all entries once none is damaged any more. */
  private void compareAll(ModelDice allKeys) {
    ModelledStore all = new ModelledStore(allKeys, clock, others.model(), tally);
    all.use(store(), others.opening());
    all.compareEntries(store());
  }

  /** Checks that garbage goes, though the damage is still in the files. */
  private void compactsAround() {
    for (int i = 0; i < OVERWRITES; i++) {
      calls.put(dice.key(), dice.ballastValue());
      calls.put(dice.ballastKey(), dice.ballastValue());
    }
    for (int i = 0; i < OVERWRITES; i++) {
      String key = dice.ballastKey();
      store().delete(key);
      others.model().remove(key);
    }
    store().compact();
    long live = others.model().recordBytes(true);
    long segmentBytes = KvStoreBuilder.MIN_SEGMENT_BYTES + 64_000;
    assertThat(store().stats().diskBytes())
        .isLessThan(2 * live + (4 + 2L * flipped.count()) * segmentBytes);
  }
}
