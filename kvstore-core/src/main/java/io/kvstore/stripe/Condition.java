package io.kvstore.stripe;

import io.kvstore.record.PutRecord;
import org.jspecify.annotations.Nullable;

/** The condition of a conditional write; evaluated under the lock of the key's stripe. */
@FunctionalInterface
public interface Condition {
  Condition NONE =
      new Condition() {
        @Override
        public boolean holds(@Nullable PutRecord found) {
          return true;
        }
      };

  /** The entry is readable, if there is one; otherwise the evaluation throws. */
  Condition READABLE =
      new Condition() {
        @Override
        public boolean holds(@Nullable PutRecord found) {
          if (found instanceof DamagedRecord damaged) {
            throw damaged.damage();
          }
          return true;
        }
      };

  /** There is an entry, and it is readable; the evaluation throws if it is not. */
  Condition READABLE_PRESENT =
      new Condition() {
        @Override
        public boolean holds(@Nullable PutRecord found) {
          return READABLE.holds(found) && found != null;
        }
      };

  Condition ABSENT =
      new Condition() {
        @Override
        public boolean holds(@Nullable PutRecord found) {
          return found == null;
        }
      };
  Condition PRESENT =
      new Condition() {
        @Override
        public boolean holds(@Nullable PutRecord found) {
          return found != null;
        }
      };

  /**
   * Returns whether the condition holds for the record of the key, which is null if there is no
   * entry.
   */
  boolean holds(@Nullable PutRecord found);

  /** Returns the condition that the entry has this version. */
  static Condition version(long version) {
    return new Condition() {
      @Override
      public boolean holds(@Nullable PutRecord found) {
        return found != null && found.sequence() == version;
      }
    };
  }

  /** Returns the condition that the value has these bytes. */
  static Condition value(byte[] bytes) {
    return new Condition() {
      @Override
      public boolean holds(@Nullable PutRecord found) {
        return found != null && found.hasValue(bytes);
      }
    };
  }

  /** Returns the condition that the key still has the same record, or none. */
  static Condition unchanged(@Nullable PutRecord before) {
    return before == null ? ABSENT : version(before.sequence());
  }
}
