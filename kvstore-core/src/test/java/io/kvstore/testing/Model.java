package io.kvstore.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map whose entries expire by a clock: what a store is compared with. */
public final class Model {
  private record Held(String value, @Nullable Instant deadline) {}

  private final ManualClock clock;
  private final Map<String, Held> held = new HashMap<>();
  private Listener listener = (key, value, deadline) -> {};

  /** Told of each change. */
  @FunctionalInterface
  public interface Listener {
    /** Takes in a put, or a delete, which has no value. */
    void changed(String key, @Nullable String value, @Nullable Instant deadline);
  }

  public Model(ManualClock clock) {
    this.clock = clock;
  }

  /** Sets who is told of changes from now on. */
  public void onChange(Listener listener) {
    this.listener = listener;
  }

  /** Returns the deadlines of all entries that have one, expired ones included. */
  public Map<String, Instant> deadlines() {
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
  public @Nullable String get(String key) {
    return has(key) ? held.get(key).value() : null;
  }

  /** Tells whether a key has a value that has not expired. */
  public boolean has(String key) {
    Held entry = held.get(key);
    return entry != null && (entry.deadline() == null || clock.now().isBefore(entry.deadline()));
  }

  /** Returns when the entry of a key expires, or null if it never does. */
  public @Nullable Instant deadline(String key) {
    return has(key) ? held.get(key).deadline() : null;
  }

  /** Puts a value and returns the one before. */
  public @Nullable String put(String key, String value) {
    return put(key, value, null);
  }

  /** Puts a value that expires, and returns the one before. */
  public @Nullable String put(String key, String value, @Nullable Duration ttl) {
    String before = get(key);
    put(key, new Held(value, ttl == null ? null : clock.now().plus(ttl)));
    return before;
  }

  /** Puts a value, or removes it if it is null, and keeps the deadline. */
  public void change(String key, @Nullable String value) {
    Instant deadline = deadline(key);
    if (value == null) {
      remove(key);
    } else {
      put(key, new Held(value, deadline));
    }
  }

  private void put(String key, Held entry) {
    held.put(key, entry);
    listener.changed(key, entry.value(), entry.deadline());
  }

  /** Removes a value and returns it; one that has expired stays, as it does in a store. */
  public @Nullable String remove(String key) {
    if (!has(key)) {
      return null;
    }
    listener.changed(key, null, null);
    return held.remove(key).value();
  }

  /** Removes everything. */
  public void clear() {
    held.clear();
  }

  /** Returns all entries that have not expired. */
  public Map<String, String> entries() {
    Map<String, String> entries = new HashMap<>();
    held.keySet().stream().filter(this::has).forEach(key -> entries.put(key, get(key)));
    return entries;
  }

  /** Returns the number of entries, expired ones included. */
  public int sizeWithExpired() {
    return held.size();
  }

  /** Returns what the records of all entries take in a log. */
  public long recordBytes(boolean withExpired) {
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
