package io.kvstore.kill;

import io.kvstore.kill.Acknowledgements.Answer;
import io.kvstore.kill.Acknowledgements.Outcome;
import io.kvstore.kill.Script.Change;
import io.kvstore.kill.Script.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The possible effects of one writing process, by key. Of two concurrent calls either may have been
 * the last; of two calls of which one returned before the other was made, only the later.
 */
final class Round {
  /**
   * The effect, actual or possible, of a step on a key.
   *
   * @param answer the result of the step, or null for one that was in progress
   * @param batch all effects of the same call, including this one
   */
  record Effect(
      Script.Name step,
      Change change,
      @Nullable Answer answer,
      List<Change> batch,
      boolean keepsDeadline) {

    /** Tells whether it was over before another began. */
    boolean isBefore(Effect other) {
      return answer != null && other.answer != null && answer.end() < other.answer.start();
    }

    /** Tells whether it leaves a value. */
    boolean leaves(String value) {
      return change.value() != null && change.value().is(value);
    }

    /** Tells whether there may be nothing under the key afterwards. */
    boolean mayLeaveNothing(long nowNanos) {
      return change.isDelete()
          || keepsDeadline
          || (change.ttl() != null
              && (answer == null || answer.start() + change.ttl().toNanos() <= nowNanos));
    }
  }

  private final Map<String, List<Effect>> effects = new HashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final Map<Script.Name, Outcome> outcomes = new HashMap<>();
  private long acknowledged;
  private long refused;
  private long lastVersion;

  /** Takes in what the threads have done. */
  void add(Script script, int thread, Acknowledgements answers) {
    for (int n = 0; n <= answers.count() && n < Acknowledgements.MAX_STEPS; n++) {
      Answer answer = n < answers.count() ? answers.answer(n) : null;
      Outcome outcome = answer == null ? Outcome.NONE : answer.outcome();
      acknowledged += answer == null ? 0 : 1;
      refused += outcome == Outcome.REFUSED ? 1 : 0;
      Script.Name name = new Script.Name(script.round(), thread, n);
      outcomes.put(name, outcome);
      Step step = script.step(thread, n);
      if (outcome == Outcome.DONE || outcome == Outcome.NONE) {
        add(name, step, answer);
      }
    }
  }

  private void add(Script.Name name, Step step, @Nullable Answer answer) {
    List<Change> last = new ArrayList<>();
    for (Change change : step.changes()) {
      last.removeIf(earlier -> earlier.key().equals(change.key()));
      last.add(change);
    }
    boolean keeps = step.kind() == Script.Kind.COMPUTE;
    for (Change change : last) {
      effects
          .computeIfAbsent(change.key(), k -> new ArrayList<>())
          .add(new Effect(name, change, answer, last, keeps));
    }
    if (answer != null && answer.version() > 0) {
      lastVersion = Math.max(lastVersion, answer.version());
      for (Change change : step.changes()) {
        if (!change.isDelete()) {
          versions.merge(change.key(), answer.version(), Math::max);
          break;
        }
      }
    }
  }

  /** Returns how many calls were answered. */
  long acknowledged() {
    return acknowledged;
  }

  /** Returns how many of these found no room. */
  long refused() {
    return refused;
  }

  /** Returns the highest version that was told. */
  long lastVersion() {
    return lastVersion;
  }

  /** Returns the highest version of a key that was told, or 0. */
  long version(String key) {
    return versions.getOrDefault(key, 0L);
  }

  /** Returns what came of a step; null if none of this round is called so, or was begun. */
  @Nullable Outcome outcome(Script.Name step) {
    return outcomes.get(step);
  }

  /** Returns all keys that something may have happened to. */
  Set<String> keys() {
    return effects.keySet();
  }

  /** Returns all that may have happened to a key. */
  List<Effect> effects(String key) {
    return effects.getOrDefault(key, List.of());
  }

  /** Returns how the last that may have happened to a key reads. */
  String lastOf(String key) {
    List<String> steps =
        last(key).stream()
            .map(effect -> effect.step() + (effect.change().isDelete() ? " deleted it" : ""))
            .toList();
    return steps.isEmpty() ? "nothing" : "any of " + steps;
  }

  /** Returns what may have been the last that happened to a key; none if nothing has for sure. */
  List<Effect> last(String key) {
    List<Effect> all = effects(key);
    long lastStart = Long.MIN_VALUE;
    for (Effect effect : all) {
      if (effect.answer() != null) {
        lastStart = Math.max(lastStart, effect.answer().start());
      }
    }
    long start = lastStart;
    return all.stream()
        .filter(effect -> effect.answer() == null || effect.answer().end() >= start)
        .toList();
  }

  /** Tells whether something has happened to a key for sure. */
  boolean hasChanged(String key) {
    return effects(key).stream().anyMatch(effect -> effect.answer() != null);
  }

  /** Returns the effect on a key that has left a value, or null. */
  @Nullable Effect writer(String key, String value) {
    return effects(key).stream().filter(effect -> effect.leaves(value)).findAny().orElse(null);
  }
}
