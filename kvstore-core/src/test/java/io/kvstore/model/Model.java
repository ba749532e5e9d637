package io.kvstore.model;

import io.kvstore.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The model of a store: a map whose entries expire by a clock. */
final class Model {
  private final ManualClock clock;
  private final Map<String, Held> held;
  private final List<Listener> listeners = new ArrayList<>();

  /** A value and its deadline. */
  record Held(String value, @Nullable Instant deadline) {

    /** Tells whether it is there at a time. */
    boolean isThere(Instant now) {
      return deadline == null || now.isBefore(deadline);
    }
  }

  /** A listener for each change. */
  @FunctionalInterface
  interface Listener {
    /** Takes in a put, or a delete, which has no value. */
    void changed(String key, @Nullable Held entry);
  }

  Model(ManualClock clock) {
    this(clock, Map.of());
  }

  /** Starts with some entries. */
  Model(ManualClock clock, Map<String, Held> entries) {
    this.clock = clock;
    this.held = new HashMap<>(entries);
  }

  /** Adds who is told of changes from now on. */
  void onChange(Listener listener) {
    listeners.add(listener);
  }

  /** Returns a copy of all entries, those that have expired included. */
  Map<String, Held> state() {
    return new HashMap<>(held);
  }

  /** Has these entries and no others from now on, of which nobody is told. */
  void become(Map<String, Held> state) {
    held.clear();
    held.putAll(state);
  }

  /** Returns the deadlines of all entries that have one, expired ones included. */
  Map<String, Instant> deadlines() {
    Map<String, Instant> deadlines = new HashMap<>();
    held.forEach(
        (key, entry) -> {
          if (entry.deadline() != null) {
            deadlines.put(key, entry.deadline());
          }
        });
    return deadlines;
  }

  /** Returns the value of a key, or null if it has none or one that has expired. */
  @Nullable String get(String key) {
    return has(key) ? held.get(key).value() : null;
  }

  /** Tells whether a key has a value that has not expired. */
  boolean has(String key) {
    Held entry = held.get(key);
    return entry != null && entry.isThere(clock.now());
  }

  /** Returns when the entry of a key expires, or null if it never does. */
  @Nullable Instant deadline(String key) {
    return has(key) ? held.get(key).deadline() : null;
  }

  /** Puts a value and returns the one before. */
  @Nullable String put(String key, String value) {
    return put(key, value, null);
  }

  /** Puts a value that expires, and returns the one before. */
  @Nullable String put(String key, String value, @Nullable Duration ttl) {
    String before = get(key);
    put(key, new Held(value, ttl == null ? null : clock.now().plus(ttl)));
    return before;
  }

  /** Puts a value, or removes it if it is null, and keeps the deadline. */
  void change(String key, @Nullable String value) {
    Instant deadline = deadline(key);
    if (value == null) {
      remove(key);
    } else {
      put(key, new Held(value, deadline));
    }
  }

  private void put(String key, Held entry) {
    held.put(key, entry);
    listeners.forEach(listener -> listener.changed(key, entry));
  }

  /** Removes a value and returns it; one that has expired stays, as it does in a store. */
  @Nullable String remove(String key) {
    if (!has(key)) {
      return null;
    }
    listeners.forEach(listener -> listener.changed(key, null));
    return held.remove(key).value();
  }

  /** Returns all entries that have not expired. */
  Map<String, String> entries() {
    return valuesOf(held, clock.now());
  }

  /** Returns the values of those entries that are there at a time. */
  static Map<String, String> valuesOf(Map<String, Held> state, Instant now) {
    Map<String, String> values = new HashMap<>();
    state.forEach(
        (key, entry) -> {
          if (entry.isThere(now)) {
            values.put(key, entry.value());
          }
        });
    return values;
  }

  /** Returns the number of entries, expired ones included. */
  int sizeWithExpired() {
    return held.size();
  }

  /** Returns what the records of all entries take in a log. */
  long recordBytes(boolean withExpired) {
    return held.entrySet().stream()
        .filter(entry -> withExpired || has(entry.getKey()))
        .mapToLong(entry -> recordBytes(entry.getKey(), entry.getValue()))
        .sum();
  }

  private static long recordBytes(String key, Held entry) {
    long deadlineBytes = entry.deadline() == null ? 0 : 8;
    return 20L + key.length() + entry.value().length() + deadlineBytes + 7 & -8;
  }
}
