package io.kvstore.faults;

/** The time limits of several tests. */
final class Limits {
  /** A call that takes longer hangs. */
  static final long HANG_SECONDS = Long.getLong("kvstore.test.errors.limitSeconds", 20);

  private Limits() {}
}
