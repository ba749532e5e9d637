package io.kvstore.faults;

import org.jspecify.annotations.Nullable;

/**
 * A step: a location in the store's code at which an error can occur.
 *
 * @param method the method with its class
 * @param line the line, 0 if it is not known
 * @param what the kind of the step
 * @param detail the called method or allocated class, or null
 */
public record Step(String method, int line, Kind what, @Nullable String detail) {

  /** The reason why a step can fail. */
  public enum Kind {
    /** A method of the store begins: the stack can be at its end. */
    ENTRY,
    /** Something is allocated. */
    ALLOCATION,
    /** Code of others is called, which may allocate and go deeper. */
    CALL
  }

  @Override
  public String toString() {
    String where = line == 0 ? method : method + ":" + line;
    return where + " " + what + (detail == null ? "" : " " + detail);
  }
}
