package io.kvstore.faults;

import org.jspecify.annotations.Nullable;

/**
 * A place in the store's code where an error can arise.
 *
 * @param method with its class
 * @param line 0 if it is not known
 * @param what of it is about to happen
 * @param detail what is called or made there, or null
 */
public record Step(String method, int line, Kind what, @Nullable String detail) {

  /** Why it can fail. */
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
