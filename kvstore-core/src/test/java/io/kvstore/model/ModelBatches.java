package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The batches of a run, which are applied completely or not at all. */
final class ModelBatches {
  private final ModelledStore modelled;
  private final Model model;
  private final ModelDice dice;

  /**
   * A change of a batch.
   *
   * @param value null for a delete
   */
  private record Change(String key, @Nullable String value, @Nullable Duration ttl) {}

  ModelBatches(ModelledStore modelled) {
    this.modelled = modelled;
    this.model = modelled.model();
    this.dice = modelled.dice();
  }

  /** Writes a batch of any keys. */
  void write() {
    int size = dice.once(20) ? dice.below(100) : dice.below(5);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      changes.add(
          dice.once(3)
              ? new Change(dice.key(), null, null)
              : new Change(dice.key(), dice.value(), dice.ttl()));
    }
    write(changes, dice.below(3));
  }

  /** Writes a batch of much weight, so that it meets the limit, and of what is to go. */
  void writeBallast() {
    List<Change> changes = new ArrayList<>();
    for (int i = 1 + dice.below(4); i > 0; i--) {
      changes.add(new Change(dice.ballastKey(), dice.ballastValue(), null));
      changes.add(new Change(dice.even() ? dice.ballastKey() : dice.key(), null, null));
    }
    write(changes, 0);
  }

  private void write(List<Change> changes, int preconditions) {
    Batch<String, String> batch = modelled.store().batch();
    int failed = require(batch, preconditions);
    int bytes = 0;
    for (Change change : changes) {
      add(batch, change);
      bytes += change.value() == null ? 0 : change.value().length();
    }
    BatchResult expected = failed < 0 ? applied(changes) : BatchResult.refused(failed);
    boolean puts = changes.stream().anyMatch(change -> change.value() != null);
    if (!puts) {
      write(batch, changes, expected);
    } else {
      modelled.makes(changes.get(0).key(), bytes, () -> write(batch, changes, expected));
    }
    modelled.acknowledged();
  }

  private void write(Batch<String, String> batch, List<Change> changes, BatchResult expected) {
    if (dice.once(3)) {
      CompletableFuture<BatchResult> written = modelled.store().writeAsync(batch);
      follow(changes, expected);
      Set<String> keys = changes.stream().map(Change::key).collect(Collectors.toSet());
      modelled.await(keys, written.thenApply(ModelBatches::withoutVersions), expected);
    } else {
      BatchResult result = modelled.store().write(batch);
      assertThat(withoutVersions(result)).isEqualTo(expected);
      follow(changes, expected);
    }
  }

  /** Adds preconditions, and returns which is the first that does not hold, or -1. */
  private int require(Batch<String, String> batch, int count) {
    int failed = -1;
    for (int i = 0; i < count; i++) {
      String key = dice.key();
      boolean present = dice.once(10) != model.has(key);
      failed = failed < 0 && present != model.has(key) ? i : failed;
      if (present) {
        batch.requirePresent(key);
      } else {
        batch.requireAbsent(key);
      }
    }
    return failed;
  }

  private static void add(Batch<String, String> batch, Change change) {
    if (change.value() == null) {
      batch.delete(change.key());
    } else if (change.ttl() == null) {
      batch.put(change.key(), change.value());
    } else {
      batch.put(change.key(), change.value(), change.ttl());
    }
  }

  /** Returns what the batch answers if it is applied, but for the versions. */
  private BatchResult applied(List<Change> changes) {
    Map<String, Boolean> there = new HashMap<>();
    List<BatchResult.Outcome> outcomes = new ArrayList<>();
    for (Change change : changes) {
      boolean existed = there.getOrDefault(change.key(), model.has(change.key()));
      outcomes.add(new BatchResult.Outcome(0, existed));
      there.put(change.key(), change.value() != null);
    }
    return BatchResult.applied(outcomes);
  }

  private static BatchResult withoutVersions(BatchResult result) {
    List<BatchResult.Outcome> outcomes =
        result.outcomes().stream()
            .map(outcome -> new BatchResult.Outcome(0, outcome.existed()))
            .toList();
    return new BatchResult(result.applied(), result.failedPrecondition(), outcomes);
  }

  private void follow(List<Change> changes, BatchResult result) {
    if (!result.applied()) {
      return;
    }
    modelled
        .history()
        .together(
            () -> {
              for (Change change : changes) {
                if (change.value() == null) {
                  model.remove(change.key());
                } else {
                  model.put(change.key(), change.value(), change.ttl());
                }
              }
            });
  }
}
