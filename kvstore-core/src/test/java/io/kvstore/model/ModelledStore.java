package io.kvstore.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.StoreFullException;
import io.kvstore.model.Model.Held;
import io.kvstore.model.ModelTally.Event;
import io.kvstore.testing.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A store and the model that it must agree with. A write rejected by a full store has changed
 * nothing; it may be rejected only near the limit, and a delete never.
 */
final class ModelledStore {
  private static final int MAX_OUTSTANDING = 20;

  /** A store has room for a write as long as less than one part in so many of the limit is live. */
  private static final int SURE_SHARE = 2;

  private final ManualClock clock;
  private final Model model;
  private final ModelHistory history;
  private final ModelTally tally;
  private final ModelDice dice;
  private final List<Outstanding> outstanding = new ArrayList<>();
  private @Nullable ModelOpening opening;
  private @Nullable KvStore<String, String> store;

  /** A call that has not completed yet, and the result that the model expects. */
  private record Outstanding(
      Set<String> keys, CompletableFuture<?> future, @Nullable Object answer) {}

  ModelledStore(ModelDice dice, ManualClock clock, Model model, ModelTally tally) {
    this.dice = dice;
    this.clock = clock;
    this.model = model;
    this.history = new ModelHistory(model);
    this.tally = tally;
  }

  /** Goes on with a store that has just been opened. */
  void use(KvStore<String, String> opened, ModelOpening opening) {
    this.store = opened;
    this.opening = opening;
  }

  KvStore<String, String> store() {
    return Objects.requireNonNull(store);
  }

  ModelOpening opening() {
    return Objects.requireNonNull(opening);
  }

  ManualClock clock() {
    return clock;
  }

  Model model() {
    return model;
  }

  ModelHistory history() {
    return history;
  }

  ModelTally tally() {
    return tally;
  }

  ModelDice dice() {
    return dice;
  }

  /**
   * Makes a change that a full store may refuse.
   *
   * @param bytes of what would be stored
   * @return whether it was made
   */
  boolean makes(String key, int bytes, Runnable change) {
    try {
      change.run();
      return true;
    } catch (StoreFullException e) {
      long live = model.recordBytes(true) + bytes;
      if (live < opening().maxDiskBytes() / SURE_SHARE) {
        throw new AssertionError("refused with " + live + " bytes live", e);
      }
      tally.add(Event.REFUSALS);
      settle();
      assertThat(store().get(key)).as("after a refusal").isEqualTo(model.get(key));
      return false;
    }
  }

  // ---- calls under way

  void await(Set<String> keys, CompletableFuture<?> future, @Nullable Object answer) {
    outstanding.add(new Outstanding(keys, future, answer));
    if (outstanding.size() > MAX_OUTSTANDING) {
      settle();
    }
  }

  /** Waits for all calls under way, or only if there is one of a key. */
  void settle(String key) {
    if (outstanding.stream().anyMatch(o -> o.keys().contains(key))) {
      settle();
    }
  }

  void settle() {
    for (Outstanding call : outstanding) {
      Object answer = call.future().join();
      assertThat(answer).isEqualTo(call.answer());
    }
    outstanding.clear();
    acknowledged();
  }

  /** Learns that all changes up to now have been acknowledged, unless some are under way. */
  void acknowledged() {
    if (outstanding.isEmpty() && opening().isSync()) {
      history.safe();
    }
  }

  /** Syncs, after which nothing is lost by a power cut. */
  void sync() {
    settle();
    store().sync();
    history.safe();
  }

  // ---- comparing

  /** Compares all there is; no call is under way. */
  void compare() {
    compareEntries(store());
    store().compact(); // a round under way counts what is replaced meanwhile only at its end
    assertThat(store().stats().liveBytes())
        .isBetween(model.recordBytes(false), model.recordBytes(true));
  }

  /** Compares the entries of a store, this or a copy, in every way that they can be asked for. */
  void compareEntries(KvStore<String, String> with) {
    Map<String, String> found = new HashMap<>();
    for (Entry<String, String> entry : with) {
      assertThat(found.put(entry.key(), entry.value())).as("found twice").isNull();
    }
    Map<String, String> entries = model.entries();
    assertThat(found.equals(entries)).as(() -> difference(found, entries)).isTrue();
    compareSize(with);
    for (String key : dice.keys()) {
      assertThat(with.get(key)).isEqualTo(model.get(key));
    }
  }

  /** Whether expired entries count depends on when they are swept. */
  void compareSize(KvStore<String, String> with) {
    assertThat(with.size())
        .isBetween((long) model.entries().size(), (long) model.sizeWithExpired());
  }

  /** Returns what a store has. */
  static Map<String, Held> entriesOf(KvStore<String, String> store) {
    Map<String, Held> found = new HashMap<>();
    for (Entry<String, String> entry : store) {
      Held held = new Held(entry.value(), entry.expiresAt());
      assertThat(found.put(entry.key(), held)).as("found twice").isNull();
    }
    return found;
  }

  /** Checks that a store has what a model had, of which some has expired since. */
  void compareWith(Map<String, Held> state, KvStore<String, String> with) {
    Instant now = clock.now();
    Map<String, Held> wanted = new HashMap<>(state);
    wanted.values().removeIf(entry -> !entry.isThere(now));
    Map<String, Held> found = entriesOf(with);
    assertThat(found.equals(wanted))
        .as(() -> difference(Model.valuesOf(found, now), Model.valuesOf(wanted, now)))
        .isTrue();
    wanted.forEach((key, entry) -> assertThat(with.get(key)).isEqualTo(entry.value()));
  }

  static String difference(Map<String, String> found, Map<String, String> wanted) {
    StringBuilder text = new StringBuilder("the store and the model differ:");
    for (String key : wanted.keySet()) {
      if (!Objects.equals(found.get(key), wanted.get(key))) {
        text.append("\nstored ").append(shortened(key, found));
        text.append(", but the model has ").append(shortened(key, wanted));
      }
    }
    for (String key : found.keySet()) {
      if (!wanted.containsKey(key)) {
        text.append("\nstored ").append(shortened(key, found)).append(", but the model has none");
      }
    }
    return text.toString();
  }

  private static String shortened(String key, Map<String, String> from) {
    String entry = key + " = " + from.get(key);
    return entry.length() < 80 ? entry : entry.substring(0, 80) + " ... " + entry.length();
  }
}
