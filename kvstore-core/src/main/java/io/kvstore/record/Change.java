package io.kvstore.record;

import org.jspecify.annotations.Nullable;

/**
 * A change, put or delete, as requested by the caller, in encoded bytes. Immutable: each attempt to
 * append it creates a {@link LogRecord} of its own, so a failed attempt leaves nothing behind for
 * the next one.
 */
public final class Change {
  private final byte[] key;
  private final byte @Nullable [] value;
  private final long deadline;
  private final @Nullable String label;

  private Change(byte[] key, byte @Nullable [] value, long deadline, @Nullable String label) {
    this.key = key;
    this.value = value;
    this.deadline = deadline;
    this.label = label;
  }

  /** Returns a put of an entry without a deadline. */
  public static Change put(byte[] key, byte[] value) {
    return new Change(key, value, RecordFormat.NO_DEADLINE, null);
  }

  /**
   * Returns a put.
   *
   * @param deadline as in {@link PutRecord#deadline()}
   * @param label as in {@link PutRecord#label()}, or null
   */
  public static Change put(byte[] key, byte[] value, long deadline, @Nullable String label) {
    return new Change(key, value, deadline, label);
  }

  /** Returns a delete. */
  public static Change delete(byte[] key) {
    return new Change(key, null, RecordFormat.NO_DEADLINE, null);
  }

  /** Returns the key, which must not be modified. */
  public byte[] key() {
    return key;
  }

  /** Returns whether this is a delete. */
  public boolean isDelete() {
    return value == null;
  }

  /** Returns a new record of this change, for one attempt to append it. */
  public LogRecord newRecord() {
    byte[] put = value;
    return put == null ? LogRecord.tombstone(key) : LogRecord.put(key, put, deadline, label);
  }
}
