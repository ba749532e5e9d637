package io.kvstore.model;

import io.kvstore.model.Model.Held;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a model since a point that is durable: after a power cut, the state is that after
 * one of these changes, and never one within a batch.
 */
final class ModelHistory {
  /** More changes than these are forgotten once they are safe. */
  private static final int MAX_SAFE = 10_000;

  private final Model model;
  private final List<Change> changes = new ArrayList<>();
  private Map<String, Held> start = new HashMap<>();
  private boolean recording;
  private boolean inBatch;

  /** So many changes are safe. */
  private int safe;

  /**
   * A change.
   *
   * @param entry null for a delete
   * @param more whether the next change belongs to the same batch
   */
  private record Change(String key, @Nullable Held entry, boolean more) {}

  /**
   * A possible state of a store after a power cut.
   *
   * @param lost the number of lost changes
   */
  record Left(Map<String, Held> state, int lost) {}

  ModelHistory(Model model) {
    this.model = model;
    model.onChange(this::changed);
  }

  private void changed(String key, @Nullable Held entry) {
    if (recording) {
      changes.add(new Change(key, entry, inBatch));
    }
  }

  /** Takes all there is as safe, and records what comes. */
  void start() {
    start = model.state();
    changes.clear();
    safe = 0;
    recording = true;
  }

  /** Forgets all, and records no more. */
  void stop() {
    start = new HashMap<>();
    changes.clear();
    safe = 0;
    recording = false;
  }

  /** Makes changes that count together. */
  void together(Runnable batch) {
    inBatch = true;
    try {
      batch.run();
    } finally {
      inBatch = false;
      endBatch();
    }
  }

  private void endBatch() {
    int last = changes.size() - 1;
    if (last >= 0 && changes.get(last).more()) {
      changes.set(last, new Change(changes.get(last).key(), changes.get(last).entry(), false));
    }
  }

  /** Learns that no power cut takes anything of what has been done up to now. */
  void safe() {
    safe = changes.size();
    if (safe > MAX_SAFE) {
      start();
    }
  }

  /**
   * Returns the longest beginning of the history that looks like what was found, or null if there
   * is none, or only one that is too short.
   *
   * @param found all entries that have not expired
   */
  @Nullable Left match(Map<String, Held> found, Instant now) {
    Map<String, Held> state = new HashMap<>(start);
    int differences = differences(state, found, now);
    int longest = safe == 0 && differences == 0 ? 0 : -1;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      differences -= differs(state, found, change.key(), now);
      if (change.entry() == null) {
        state.remove(change.key());
      } else {
        state.put(change.key(), change.entry());
      }
      differences += differs(state, found, change.key(), now);
      if (differences == 0 && !change.more() && i + 1 >= safe) {
        longest = i + 1;
      }
    }
    return longest < 0 ? null : new Left(stateAfter(longest), changes.size() - longest);
  }

  /** Returns the entries after all that is safe and nothing else. */
  Map<String, Held> safeState() {
    return stateAfter(safe);
  }

  private Map<String, Held> stateAfter(int count) {
    Map<String, Held> state = new HashMap<>(start);
    for (Change change : changes.subList(0, count)) {
      if (change.entry() == null) {
        state.remove(change.key());
      } else {
        state.put(change.key(), change.entry());
      }
    }
    return state;
  }

  private static int differences(Map<String, Held> state, Map<String, Held> found, Instant now) {
    int count = 0;
    for (String key : state.keySet()) {
      count += differs(state, found, key, now);
    }
    for (String key : found.keySet()) {
      count += state.containsKey(key) ? 0 : 1;
    }
    return count;
  }

  private static int differs(
      Map<String, Held> state, Map<String, Held> found, String key, Instant now) {
    Held wanted = state.get(key);
    Held there = found.get(key);
    if (wanted == null || !wanted.isThere(now)) {
      return there == null ? 0 : 1;
    }
    return wanted.equals(there) ? 0 : 1;
  }
}
