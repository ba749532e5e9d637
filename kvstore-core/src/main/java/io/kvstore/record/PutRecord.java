package io.kvstore.record;

import org.jspecify.annotations.Nullable;

/** The record of a put, in the log or on its way there: what a key holds. */
public interface PutRecord {

  /** Returns the number of the change. */
  long sequence();

  /** Returns a copy of the value. */
  byte[] value();

  /** Tells whether these bytes are the value. */
  boolean hasValue(byte[] bytes);

  /** Tells whether the entry expires. */
  boolean hasDeadline();

  /** Returns when the entry expires, in milliseconds since 1970; the largest long for never. */
  long deadline();

  /** Returns the label of the entry, or null. */
  @Nullable String label();
}
