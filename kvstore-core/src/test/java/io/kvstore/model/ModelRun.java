package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.engine.StoreDoor;
import io.kvstore.log.Storage;
import io.kvstore.model.Model.Held;
import io.kvstore.model.ModelTally.Event;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ManualClock;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of random operations, all of them from one seed.
 *
 * <p>A crash is a copy of the files while the store is open and no call is under way. Of what the
 * store does by itself meanwhile, the copy may have any part: half a mark, which is then cut as a
 * torn tail, or a segment that is just being prepared. Every change that was acknowledged is there.
 */
final class ModelRun {
  /** Operations of one key, and batches, among so many steps; the others are dear. */
  private static final int CHEAP = 9_840;

  private static final int STEPS = 10_000;

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
  private final Storage storage = FaultyStorage.withoutSyncs();
  private @Nullable Path storeDirectory;
  private int directories;

  /**
   * What a run is like.
   *
   * @param root where stores and their copies go, or null for a store in memory
   * @param maxDiskBytes {@link Long#MAX_VALUE} for no limit
   * @param rarity of so many steps that take long, one is made
   */
  record Setting(@Nullable Path root, long maxDiskBytes, int rarity) {}

  ModelRun(long seed, Setting setting, ModelTally tally) {
    this.setting = setting;
    this.dice = new ModelDice(seed);
    this.modelled = new ModelledStore(dice, clock, model, tally);
    this.calls = new ModelCalls(modelled);
    this.conditions = new ModelConditions(modelled);
    this.batches = new ModelBatches(modelled);
    this.ballast = new ModelBallast(modelled, calls, batches);
    this.views = new ModelViews(dice.random(), model, dice.keys());
  }

  /** Makes so many operations, and closes the store. */
  void run(long operations) throws IOException {
    storeDirectory = setting.root() == null ? null : freshDirectory();
    open();
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
    } else if (choice < 9_820) {
      batches.write();
    } else if (choice < CHEAP) {
      modelled.settle();
      clock.pass(Duration.ofMillis(dice.below(dice.once(10) ? 2_000 : 20)));
    } else {
      modelled.settle();
      dearStep(choice - CHEAP);
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
    }
  }

  // ---- closing, opening, crashing

  private void close(Path directory) throws IOException {
    modelled.tally().add(Event.CLOSES);
    watch.check(store());
    watch.stop();
    leave();
    storeDirectory = directory;
    open();
    modelled.compare();
    watch.start(store());
  }

  private void leave() {
    views.closeSome(false);
    store().close();
    views.closeSome(true);
  }

  private void open() {
    ModelOpening opening = ModelOpening.any(dice, setting.maxDiskBytes());
    modelled.use(opening.open(storeDirectory, clock, storage), opening);
  }

  private void crash(Path directory) throws IOException {
    modelled.tally().add(Event.CRASHES);
    Path copy = freshDirectory();
    StoreFiles.copy(directory, copy);
    Map<String, Held> state = model.state();
    tryCopy(copy, state);
    if (dice.even()) {
      watch.check(store());
      watch.stop();
      leave();
      StoreFiles.delete(directory);
      storeDirectory = copy;
      open();
      modelled.compare();
      watch.start(store());
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
    ModelOpening opening = ModelOpening.any(dice, setting.maxDiskBytes());
    try (KvStore<String, String> copied = opening.open(copy, clock, storage)) {
      modelled.compareWith(state, copied);
      assertThat(copied.delete("no such key")).isFalse();
    }
  }

  private Path freshDirectory() {
    return setting.root().resolve("store" + directories++);
  }
}
