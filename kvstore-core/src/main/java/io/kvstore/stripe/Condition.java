package io.kvstore.stripe;

import io.kvstore.record.PutRecord;
import org.jspecify.annotations.Nullable;

/** What must be true of a key for a write to happen; asked under the lock of the key's stripe. */
@FunctionalInterface
public interface Condition {
  Condition NONE = found -> true;

  /** What the key holds can be read, if it holds anything; or else asking throws. */
  Condition READABLE =
      found -> {
        if (found instanceof DamagedRecord damaged) {
          throw damaged.damage();
        }
        return true;
      };

  /** The key holds something that can be read; asking throws if it can't be. */
  Condition READABLE_PRESENT = found -> READABLE.holds(found) && found != null;

  Condition ABSENT = found -> found == null;
  Condition PRESENT = found -> found != null;

  /** Tells whether it is true of what the key holds. */
  boolean holds(@Nullable PutRecord found);

  /** The entry is still of this version. */
  static Condition version(long version) {
    return found -> found != null && found.sequence() == version;
  }

  /** The value has these bytes. */
  static Condition value(byte[] bytes) {
    return found -> found != null && found.hasValue(bytes);
  }

  /** The key still holds what it held. */
  static Condition unchanged(@Nullable PutRecord before) {
    return before == null ? ABSENT : version(before.sequence());
  }
}
