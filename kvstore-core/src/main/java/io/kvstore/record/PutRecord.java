package io.kvstore.record;

import org.jspecify.annotations.Nullable;

/** The record of a put, in the log or to be appended. */
public interface PutRecord {

  /** Returns the sequence of the change. */
  long sequence();

  /** Returns a copy of the value. */
  byte[] value();

  /** Returns whether the value equals these bytes. */
  boolean hasValue(byte[] bytes);

  /** Returns whether the entry expires. */
  boolean hasDeadline();

  /** Returns the deadline of the entry, in milliseconds since 1970; the largest long for none. */
  long deadline();

  /** Returns the label of the entry, or null. */
  @Nullable String label();
}
