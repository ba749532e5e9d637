package io.kvstore.faults;

import org.jspecify.annotations.Nullable;

/**
 * What has come of a case.
 *
 * @param thrown what its step has thrown, or null if it was not reached
 * @param failure what went wrong with it, or null
 * @param details of the failure: where the error arose, what was found, and for a hang all threads
 */
record Outcome(@Nullable Error thrown, @Nullable String failure, String details) {

  boolean isGood() {
    return failure == null;
  }
}
