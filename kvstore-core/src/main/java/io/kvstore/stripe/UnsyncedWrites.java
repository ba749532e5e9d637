package io.kvstore.stripe;

import io.kvstore.record.LogRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The latest change of each key of a stripe that waits for its sync: what writers build on, and
 * readers do not see. Guarded by the lock of the {@link Stripe}.
 */
final class UnsyncedWrites {
  private final Map<HashedKey, LogRecord> changes = new HashMap<>();

  int size() {
    return changes.size();
  }

  @Nullable LogRecord get(long hash, byte[] key) {
    return changes.isEmpty() ? null : changes.get(new HashedKey(hash, key));
  }

  /** Adds a change, and returns the one that was the key's latest, or null. */
  @Nullable LogRecord add(long hash, LogRecord change) {
    return changes.put(new HashedKey(hash, change.key()), change);
  }

  /** Returns how many of the changes a test is true of. */
  int count(BiPredicate<HashedKey, LogRecord> test) {
    int found = 0;
    for (Map.Entry<HashedKey, LogRecord> each : changes.entrySet()) {
      found += test.test(each.getKey(), each.getValue()) ? 1 : 0;
    }
    return found;
  }

  /** Takes a change back that could not be appended. */
  void takeBack(long hash, LogRecord change, @Nullable LogRecord before) {
    HashedKey key = new HashedKey(hash, change.key());
    if (before == null) {
      changes.remove(key);
    } else {
      changes.put(key, before);
    }
  }

  /** Removes a change that the index shows, unless a later one has taken its place. */
  void published(long hash, LogRecord change) {
    changes.remove(new HashedKey(hash, change.key()), change);
  }
}
