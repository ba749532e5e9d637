package io.kvstore.faults.script;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The possible entries of a store: the last acknowledged change of each key, and the failed
 * attempts since. Each key belongs to one thread at a time.
 */
final class Ledger {
  /** How a value ends that has a deadline. */
  static final String EXPIRES = "~";

  private final Map<String, Set<@Nullable String>> possible = new TreeMap<>();

  /** All that was ever to be written. */
  private final Set<String> tried = new HashSet<>();

  Ledger() {}

  /** A copy. */
  Ledger(Ledger from) {
    from.possible.forEach((key, values) -> possible.put(key, new HashSet<>(values)));
    tried.addAll(from.tried);
  }

  /** A change has been acknowledged; null is a delete. */
  synchronized void is(String key, @Nullable String value) {
    Set<@Nullable String> only = new HashSet<>();
    only.add(value);
    tried.add(key + value);
    possible.put(key, only);
  }

  /** A change has failed: it may be there, or what was before. */
  synchronized void mayBe(String key, @Nullable String value) {
    values(key).add(value);
    tried.add(key + value);
  }

  /** All deadlines have passed. */
  synchronized void expire() {
    possible.replaceAll(
        (key, values) -> {
          Set<@Nullable String> left = new HashSet<>();
          values.forEach(v -> left.add(v != null && v.endsWith(EXPIRES) ? null : v));
          return left;
        });
  }

  /** Returns the one value that a key can have, or null if it may have none or several. */
  synchronized @Nullable String known(String key) {
    Set<@Nullable String> values = values(key);
    return values.size() == 1 ? values.iterator().next() : null;
  }

  synchronized boolean isKnown(String key) {
    return values(key).size() == 1;
  }

  /** Tells whether a value was ever to be written. */
  synchronized boolean wasTried(String key, String value) {
    return tried.contains(key + value);
  }

  /** Checks what was read of a key. */
  synchronized void check(String what, String key, @Nullable String found) {
    if (!values(key).contains(found)) {
      throw new AssertionError(
          what + ": " + key + " is " + shortened(found) + ", not one of " + shown(values(key)));
    }
  }

  /** Checks all that was read: every key, and nothing else. */
  synchronized void check(String what, Map<String, String> found) {
    Set<String> keys = new HashSet<>(possible.keySet());
    keys.addAll(found.keySet());
    keys.stream().sorted().forEach(key -> check(what, key, found.get(key)));
  }

  synchronized Set<String> keys() {
    return new HashSet<>(possible.keySet());
  }

  private Set<@Nullable String> values(String key) {
    return possible.computeIfAbsent(key, k -> new HashSet<>(Arrays.asList((String) null)));
  }

  private static String shown(Set<@Nullable String> values) {
    return values.stream().map(Ledger::shortened).toList().toString();
  }

  static String shortened(@Nullable String value) {
    if (value == null) {
      return "absent";
    }
    int padding = value.indexOf('.');
    return padding < 0 ? value : value.substring(0, padding);
  }

  /** Returns a copy of the map, for messages. */
  static Map<String, String> shortened(Map<String, String> entries) {
    Map<String, String> shown = new HashMap<>(entries);
    shown.replaceAll((key, value) -> shortened(value));
    return shown;
  }
}
