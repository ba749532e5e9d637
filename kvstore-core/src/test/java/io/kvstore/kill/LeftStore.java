package io.kvstore.kill;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.kill.Acknowledgements.Outcome;
import io.kvstore.kill.Round.Effect;
import io.kvstore.kill.Script.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The store that a killed process has left, compared with the acknowledgements that it received.
 */
final class LeftStore {
  private final Map<String, Entry<String, String>> before;
  private final Map<String, Entry<String, String>> now;
  private final Round round;
  private final long nowNanos;
  private final List<String> problems = new ArrayList<>();
  private long lost;

  /**
   * @param before what the process had found
   * @param now what it has left
   */
  LeftStore(
      Map<String, Entry<String, String>> before,
      Map<String, Entry<String, String>> now,
      Round round) {
    this.before = before;
    this.now = now;
    this.round = round;
    this.nowNanos = System.nanoTime();
  }

  static Map<String, Entry<String, String>> entries(KvStore<String, String> store) {
    Map<String, Entry<String, String>> entries = new HashMap<>();
    store.forEach(entry -> entries.put(entry.key(), entry));
    return entries;
  }

  /** Compares each key, and each batch of which anything is there. */
  void check(Set<String> keys) {
    for (String key : new TreeSet<>(keys)) {
      check(key);
    }
  }

  private void check(String key) {
    Entry<String, String> entry = now.get(key);
    if (entry == null) {
      checkAbsent(key);
    } else if (entry.equals(before.get(key))) {
      checkUnchanged(key, entry);
    } else {
      checkWritten(key, entry);
    }
    if (entry != null && entry.version() < round.version(key)) {
      lost(key, "version " + entry.version() + ", after " + round.version(key) + " was told");
    }
  }

  private void checkAbsent(String key) {
    boolean mayBeGone =
        round.last(key).stream().anyMatch(effect -> effect.mayLeaveNothing(nowNanos));
    Entry<String, String> found = before.get(key);
    boolean mayHaveBeen = !round.hasChanged(key) && (found == null || found.expiresAt() != null);
    if (!mayBeGone && !mayHaveBeen) {
      lost(key, "nothing, after " + round.lastOf(key));
    }
  }

  private void checkUnchanged(String key, Entry<String, String> entry) {
    if (round.hasChanged(key)) {
      lost(key, "still version " + entry.version() + ", after " + round.lastOf(key));
    }
  }

  private void checkWritten(String key, Entry<String, String> entry) {
    Effect writer = round.writer(key, entry.value());
    if (writer == null) {
      Script.Name name = Script.Name.of(entry.value());
      boolean refused = name != null && round.outcome(name) == Outcome.REFUSED;
      lost(
          key,
          brief(entry.value())
              + (refused ? " was refused, and is there" : " was not written in this round"));
      return;
    }
    if (!round.last(key).contains(writer)) {
      lost(key, writer.step() + ", after " + round.lastOf(key));
    }
    checkWhole(writer);
  }

  /** Checks all keys of a call that has left a value under one of them. */
  private void checkWhole(Effect writer) {
    for (Change change : writer.batch()) {
      Entry<String, String> entry = now.get(change.key());
      String value = entry == null ? null : entry.value();
      boolean isOwn =
          value == null ? change.isDelete() : change.value() != null && change.value().is(value);
      if (!isOwn && !isExplained(change.key(), value, writer)) {
        lost(change.key(), "not what belongs to " + writer.step() + ", but " + brief(value));
      }
    }
  }

  /** Tells whether what is under a key may have come after a call. */
  private boolean isExplained(String key, @Nullable String value, Effect after) {
    return round.effects(key).stream()
        .filter(effect -> !effect.isBefore(after))
        .anyMatch(
            effect -> value == null ? effect.mayLeaveNothing(nowNanos) : effect.leaves(value));
  }

  private void lost(String key, String what) {
    lost++;
    problems.add(key + ": " + what);
  }

  private static String brief(@Nullable String value) {
    return value == null ? "nothing" : value.substring(0, value.indexOf(':') + 1);
  }

  /** Returns how many keys have not what they were told to have. */
  long lost() {
    return lost;
  }

  List<String> problems() {
    return problems;
  }
}
