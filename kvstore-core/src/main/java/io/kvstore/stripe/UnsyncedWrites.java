package io.kvstore.stripe;

import io.kvstore.record.LogRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The unsynced writes of a stripe: the latest change of each key that waits for its sync. Writers
 * build on them, readers do not see them. Guarded by the lock of the {@link Stripe}.
 */
final class UnsyncedWrites {
  private final Map<HashedKey, LogRecord> changes = new HashMap<>();

  int size() {
    return changes.size();
  }

  @Nullable LogRecord get(long hash, byte[] key) {
    return changes.isEmpty() ? null : changes.get(new HashedKey(hash, key));
  }

  /** Adds a change, and returns the earlier one of the key, or null. */
  @Nullable LogRecord add(long hash, LogRecord change) {
    return changes.put(new HashedKey(hash, change.key()), change);
  }

  /** Returns the number of changes that satisfy a predicate. */
  int count(BiPredicate<HashedKey, LogRecord> test) {
    int found = 0;
    for (Map.Entry<HashedKey, LogRecord> each : changes.entrySet()) {
      found += test.test(each.getKey(), each.getValue()) ? 1 : 0;
    }
    return found;
  }

  /** Removes a change that could not be appended, and restores the earlier one. */
  void undo(long hash, LogRecord change, @Nullable LogRecord before) {
    HashedKey key = new HashedKey(hash, change.key());
    if (before == null) {
      changes.remove(key);
    } else {
      changes.put(key, before);
    }
  }

  /** Removes a published change, unless a later one has replaced it. */
  void published(long hash, LogRecord change) {
    changes.remove(new HashedKey(hash, change.key()), change);
  }
}
