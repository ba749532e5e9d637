package io.kvstore.testing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One finished call on one key, as its caller saw it.
 *
 * @param value the value put, or read; null for a read that found nothing
 * @param seen the value that a conditional write has found, or expected; for an increment the sum,
 *     whose {@code value} is the increment
 * @param result the result of a call that returns a boolean
 * @param called the time of the call
 * @param returned the time of its return
 */
public record Operation(
    Kind kind,
    @Nullable String value,
    @Nullable String seen,
    boolean result,
    long called,
    long returned) {

  /** The kind of call. */
  public enum Kind {
    PUT,
    GET,
    CONTAINS,
    DELETE,
    PUT_IF_ABSENT,
    REPLACE,
    DELETE_IF,
    GET_AND_PUT,
    GET_AND_DELETE,
    INCREMENT
  }

  /** Returns a put. */
  public static Operation put(String value, long called, long returned) {
    return new Operation(Kind.PUT, value, null, true, called, returned);
  }

  /** Returns a read and what it found. */
  public static Operation get(@Nullable String found, long called, long returned) {
    return new Operation(Kind.GET, found, null, true, called, returned);
  }

  /** Returns a question whether there is a value, and the answer. */
  public static Operation contains(boolean found, long called, long returned) {
    return new Operation(Kind.CONTAINS, null, null, found, called, returned);
  }

  /** Returns a delete, and whether it said that there was a value. */
  public static Operation delete(boolean existed, long called, long returned) {
    return new Operation(Kind.DELETE, null, null, existed, called, returned);
  }

  /** Returns a put where there is nothing, and what it found. */
  public static Operation putIfAbsent(String value, @Nullable String found) {
    return new Operation(Kind.PUT_IF_ABSENT, value, found, true, 0, 0);
  }

  /** Returns a replacement of one value by another, and whether it said that it was there. */
  public static Operation replace(String expected, String value, boolean replaced) {
    return new Operation(Kind.REPLACE, value, expected, replaced, 0, 0);
  }

  /** Returns a delete of one value, and whether it said that it was there. */
  public static Operation deleteIf(String expected, boolean deleted) {
    return new Operation(Kind.DELETE_IF, null, expected, deleted, 0, 0);
  }

  /** Returns a put and what it replaced. */
  public static Operation getAndPut(String value, @Nullable String found) {
    return new Operation(Kind.GET_AND_PUT, value, found, true, 0, 0);
  }

  /** Returns a delete and what it found. */
  public static Operation getAndDelete(@Nullable String found) {
    return new Operation(Kind.GET_AND_DELETE, null, found, true, 0, 0);
  }

  /** Returns an increment and the sum. */
  public static Operation increment(long delta, long sum) {
    return new Operation(Kind.INCREMENT, String.valueOf(delta), String.valueOf(sum), true, 0, 0);
  }

  /** Returns the same call at another time. */
  public Operation during(long called, long returned) {
    return new Operation(kind, value, seen, result, called, returned);
  }

  /** Tells whether the call can have taken effect where this was the value. */
  boolean fits(@Nullable String before) {
    return switch (kind) {
      case PUT -> true;
      case GET -> value == null ? before == null : value.equals(before);
      case CONTAINS, DELETE -> result == (before != null);
      case PUT_IF_ABSENT, GET_AND_PUT, GET_AND_DELETE -> Objects.equals(seen, before);
      case REPLACE, DELETE_IF -> result == Objects.equals(seen, before);
      case INCREMENT -> Objects.equals(seen, sum(before));
    };
  }

  /** Returns the value after the call has taken effect. */
  @Nullable String after(@Nullable String before) {
    return switch (kind) {
      case PUT, GET_AND_PUT -> value;
      case DELETE, GET_AND_DELETE -> null;
      case PUT_IF_ABSENT -> before == null ? value : before;
      case REPLACE, DELETE_IF -> result ? value : before;
      case INCREMENT -> sum(before);
      case GET, CONTAINS -> before;
    };
  }

  private String sum(@Nullable String before) {
    return String.valueOf((before == null ? 0 : Long.parseLong(before)) + Long.parseLong(value));
  }
}
