package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.engine.StoreDoor;
import io.kvstore.model.Model.Held;
import io.kvstore.model.ModelTally.Event;
import io.kvstore.platform.Storage;
import io.kvstore.testing.CutDisk;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ManualClock;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of random operations, all of them from one seed.
 *
 * <p>A crash is a copy of the files while the store is open and no call is in progress. The copy
 * may have any part of the background work: half a sync marker, which is then cut as a torn tail,
 * or a segment that is being prepared. Every acknowledged change is there.
 */
final class ModelRun {
  /** Operations of one key, and batches, among so many steps; the others are dear. */
  private static final int CHEAP = 9_830;

  /** From here on the power is cut. */
  private static final int CUTS = 9_990;

  private static final int STEPS = 10_000;
  private static final String INDEX = "index";

  /** For stores that lose no power. */
  private static final Storage NO_DISK = FaultyStorage.withoutSyncs();

  private final Setting setting;
  private final ModelDice dice;
  private final ManualClock clock = new ManualClock();
  private final Model model = new Model(clock);
  private final ModelledStore modelled;
  private final ModelCalls calls;
  private final ModelConditions conditions;
  private final ModelBatches batches;
  private final ModelBallast ballast;
  private final ModelViews views;
  private final ModelWatch watch = new ModelWatch(clock, model);
  private final ModelBackups backups;
  private @Nullable CutDisk disk;
  private @Nullable Path storeDirectory;
  private int directories;

  /**
   * The settings of a run.
   *
   * @param root the directory of stores and their copies, or null for a store in memory
   * @param maxDiskBytes {@link Long#MAX_VALUE} for no limit
   * @param rarity the reciprocal of the share of slow steps that are executed
   * @param damages whether a copy is damaged whenever a store is closed
   */
  record Setting(@Nullable Path root, long maxDiskBytes, int rarity, boolean damages) {}

  ModelRun(long seed, Setting setting, ModelTally tally) {
    this.setting = setting;
    this.dice = new ModelDice(seed);
    this.modelled = new ModelledStore(dice, clock, model, tally);
    this.calls = new ModelCalls(modelled);
    this.conditions = new ModelConditions(modelled);
    this.batches = new ModelBatches(modelled);
    this.ballast = new ModelBallast(modelled, calls, batches);
    this.backups = new ModelBackups(modelled);
    this.views = new ModelViews(dice.random(), model, dice.keys());
  }

  /** Makes so many operations, and closes the store. */
  void run(long operations) throws IOException {
    open(setting.root() == null ? null : freshDirectory());
    watch.start(store());
    try {
      for (long i = 0; i < operations; i++) {
        step();
        modelled.tally().operation();
      }
      modelled.settle();
      modelled.compare();
      watch.check(store());
      modelled.tally().add(Event.GAPS, watch.gaps());
      watch.stop();
      views.closeSome(true);
    } finally {
      store().close();
    }
    if (storeDirectory != null) {
      backups.forget();
      StoreFiles.delete(storeDirectory);
    }
  }

  private KvStore<String, String> store() {
    return modelled.store();
  }

  private void step() throws IOException {
    int choice = dice.below(STEPS);
    if (choice >= CHEAP && !dice.once(setting.rarity())) {
      choice = dice.below(CHEAP);
    }
    if (choice < 8_800) {
      calls.call(dice.key());
    } else if (choice < 9_560) {
      conditions.call(dice.key());
    } else if (choice < 9_810) {
      batches.write();
    } else if (choice < CHEAP) {
      modelled.settle();
      clock.pass(Duration.ofMillis(dice.below(dice.once(10) ? 2_000 : 20)));
    } else if (choice < CUTS || storeDirectory == null) {
      modelled.settle();
      dearStep(choice - CHEAP);
    } else {
      cut();
    }
    if (modelled.opening().isLimited()) {
      ballast.step(setting.rarity());
    }
  }

  private void dearStep(int choice) throws IOException {
    if (choice < 75) {
      views.step(store(), modelled.opening().ordered());
    } else if (choice < 80) {
      watch.check(store());
    } else if (choice < 84) {
      watch.pauseOrResume();
    } else if (choice < 90) {
      if (modelled.opening().quiet() && storeDirectory != null) {
        StoreDoor.checkpoint(store());
      }
    } else if (choice < 100) {
      store().compact();
    } else if (choice < 108) {
      modelled.compareSize(store());
      modelled.sync();
    } else if (choice < 112) {
      modelled.compare();
    } else if (storeDirectory != null && choice < 116) {
      close(storeDirectory);
    } else if (storeDirectory != null && choice < 120) {
      crash(storeDirectory);
    } else if (storeDirectory != null && choice < 125) {
      backUp();
    }
  }

  // ---- closing, opening, crashing

  private void close(Path directory) throws IOException {
    modelled.tally().add(Event.CLOSES);
    leave();
    if (setting.damages() && Files.exists(directory.resolve(INDEX))) {
      Path copy = freshDirectory();
      StoreFiles.copy(directory, copy);
      ModelDamage.run(copy, modelled);
      StoreFiles.delete(copy);
    }
    open(directory);
    watch.start(store());
  }

  private void leave() {
    watch.check(store());
    watch.stop();
    views.closeSome(false);
    store().close();
    views.closeSome(true);
  }

  private void open(@Nullable Path directory) {
    ModelOpening opening = anyOpening();
    storeDirectory = directory;
    disk = directory == null ? null : new CutDisk(directory);
    modelled.use(opening.open(directory, clock, disk == null ? NO_DISK : disk), opening);
    if (disk != null) {
      disk.start();
      modelled.history().start();
    }
    modelled.compare();
  }

  private ModelOpening anyOpening() {
    return ModelOpening.any(dice, setting.maxDiskBytes(), setting.root() == null);
  }

  /** Goes on with another directory, which has a state of the same or of an earlier time. */
  private void goOn(Path directory, Map<String, Held> state) throws IOException {
    Path left = storeDirectory;
    leave();
    StoreFiles.delete(left);
    boolean isSame = state.equals(model.state());
    model.become(state);
    open(directory);
    if (isSame) {
      watch.start(store());
    } else {
      watch.restart(store());
      backups.forget();
    }
  }

  private void crash(Path directory) throws IOException {
    modelled.tally().add(Event.CRASHES);
    Path copy = freshDirectory();
    StoreFiles.copy(directory, copy);
    if (dice.once(3)) {
      Files.deleteIfExists(copy.resolve(INDEX));
    }
    tryCopy(copy, model.state());
    goOnOrNot(copy, model.state());
  }

  private void goOnOrNot(Path copy, Map<String, Held> state) throws IOException {
    if (dice.even()) {
      goOn(copy, state);
    } else {
      StoreFiles.delete(copy);
    }
  }

  /** Opens a copy in any way, and compares it with what the model was at its moment. */
  private void tryCopy(Path copy, Map<String, Held> state) {
    if (dice.once(3)) {
      try (KvStore<String, String> read = ModelOpening.openForReading(copy, clock)) {
        modelled.compareWith(state, read);
      }
    }
    ModelOpening opening = anyOpening();
    try (KvStore<String, String> copied = opening.open(copy, clock, NO_DISK)) {
      modelled.compareWith(state, copied);
      assertThat(copied.delete("no such key")).isFalse();
    }
  }

  /** Cuts the power, with calls under way: what is left is a beginning of what was written. */
  private void cut() throws IOException {
    modelled.tally().add(Event.CUTS);
    Path copy = freshDirectory();
    Objects.requireNonNull(disk).cut(copy, dice.random());
    if (dice.once(3)) {
      Files.deleteIfExists(copy.resolve(INDEX));
    }
    Map<String, Held> found;
    if (dice.once(3)) {
      try (KvStore<String, String> read = ModelOpening.openForReading(copy, clock)) {
        beginning(ModelledStore.entriesOf(read));
      }
    }
    ModelOpening opening = anyOpening();
    try (KvStore<String, String> copied = opening.open(copy, clock, NO_DISK)) {
      found = ModelledStore.entriesOf(copied);
    }
    ModelHistory.Left left = beginning(found);
    modelled.tally().add(Event.CHANGES_CUT, left.lost());
    modelled.settle();
    goOnOrNot(copy, left.state());
  }

  private ModelHistory.Left beginning(Map<String, Held> found) {
    ModelHistory.Left left = modelled.history().match(found, clock.now());
    if (left == null) {
      throw new AssertionError(
          "after a power cut this is no beginning of what was written, or too short a one; where "
              + "the model has only what is surely safe, "
              + ModelledStore.difference(
                  Model.valuesOf(found, clock.now()),
                  Model.valuesOf(modelled.history().safeState(), clock.now())));
    }
    return left;
  }

  private void backUp() throws IOException {
    if (dice.once(3) && backups.hasAny()) {
      Path copy = freshDirectory();
      Map<String, Held> state = backups.restore(copy);
      tryCopy(copy, state);
      goOnOrNot(copy, state);
    } else {
      backups.backUp(Objects.requireNonNull(storeDirectory), freshDirectory());
    }
  }

  private Path freshDirectory() {
    return setting.root().resolve("store" + directories++);
  }
}
