package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ballast of a run: fills a store up to its limit occasionally, and frees it by deletes, which
 * are never rejected.
 */
final class ModelBallast {
  private static final int STEPS_BETWEEN = 1_500;

  /** At the limit most writes make the store compact, which takes long. */
  private static final int STEPS_AT_LIMIT = 30;

  private static final int MAX_PUTS = 200;

  /** So many that the limit is far for a while. */
  private static final int MIN_DELETES = 20;

  private final ModelledStore modelled;
  private final ModelCalls calls;
  private final ModelBatches batches;
  private final ModelDice dice;

  /** So many steps until the store is filled, or, once it is, emptied. */
  private int left;

  private boolean full;

  ModelBallast(ModelledStore modelled, ModelCalls calls, ModelBatches batches) {
    this.modelled = modelled;
    this.calls = calls;
    this.batches = batches;
    this.dice = modelled.dice();
  }

  /**
   * @param rarity how much more seldom than usually the store is filled
   */
  void step(int rarity) {
    if (--left > 0) {
      if (full && dice.once(8)) {
        batches.writeBallast();
      } else if (dice.once(100)) {
        putOrDelete();
      }
    } else if (full) {
      drain();
      full = false;
      left = dice.below(STEPS_BETWEEN * rarity);
    } else {
      fill();
      full = true;
      left = dice.below(STEPS_AT_LIMIT);
    }
  }

  private void fill() {
    for (int i = 0; i < MAX_PUTS; i++) {
      if (!calls.put(dice.ballastKey(), dice.ballastValue())) {
        return;
      }
    }
  }

  private void drain() {
    int count = MIN_DELETES + dice.below(50);
    for (int i = 0; i < count; i++) {
      delete();
    }
  }

  /** As often the one as the other, so that about half of the keys are there. */
  private void putOrDelete() {
    if (dice.even()) {
      calls.put(dice.ballastKey(), dice.ballastValue());
    } else {
      delete();
    }
  }

  private void delete() {
    String key = dice.ballastKey();
    boolean there = modelled.model().remove(key) != null;
    assertThat(modelled.store().delete(key)).isEqualTo(there);
    modelled.acknowledged();
  }
}
