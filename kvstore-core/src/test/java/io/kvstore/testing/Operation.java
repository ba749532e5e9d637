package io.kvstore.testing;

import org.jspecify.annotations.Nullable;

/**
 * One finished call on one key, as its caller saw it.
 *
 * @param value what was put, or what was read; null for a read that found nothing
 * @param result what a call that answers with yes or no has answered
 * @param called the clock before the call
 * @param returned the clock after it
 */
public record Operation(
    Kind kind, @Nullable String value, boolean result, long called, long returned) {

  /** What was called. */
  public enum Kind {
    PUT,
    GET,
    CONTAINS,
    DELETE
  }

  /** Returns a put. */
  public static Operation put(String value, long called, long returned) {
    return new Operation(Kind.PUT, value, true, called, returned);
  }

  /** Returns a read and what it found. */
  public static Operation get(@Nullable String found, long called, long returned) {
    return new Operation(Kind.GET, found, true, called, returned);
  }

  /** Returns a question whether there is a value, and the answer. */
  public static Operation contains(boolean found, long called, long returned) {
    return new Operation(Kind.CONTAINS, null, found, called, returned);
  }

  /** Returns a delete, and whether it said that there was a value. */
  public static Operation delete(boolean existed, long called, long returned) {
    return new Operation(Kind.DELETE, null, existed, called, returned);
  }

  /** Tells whether the call can have taken effect where this was the value. */
  boolean fits(@Nullable String before) {
    return switch (kind) {
      case PUT -> true;
      case GET -> value == null ? before == null : value.equals(before);
      case CONTAINS, DELETE -> result == (before != null);
    };
  }

  /** Returns the value after the call has taken effect. */
  @Nullable String after(@Nullable String before) {
    return switch (kind) {
      case PUT -> value;
      case DELETE -> null;
      case GET, CONTAINS -> before;
    };
  }
}
