package io.kvstore.faults;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a case.
 *
 * @param thrown the error thrown by its step, or null if it was not reached
 * @param failure the failure of the case, or null
 * @param details the details of the failure: where the error arose, what was found, and for a hang
 *     all threads
 */
record Outcome(@Nullable Error thrown, @Nullable String failure, String details) {

  boolean isGood() {
    return failure == null;
  }
}
