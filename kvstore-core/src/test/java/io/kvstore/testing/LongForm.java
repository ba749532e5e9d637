package io.kvstore.testing;

/**
 * The switch for the long form of the tests: {@code -Dkvstore.test.long=true}, as in a nightly run.
 * A test that is not exhaustive takes its extent from here.
 */
public final class LongForm {
  public static final boolean ON = Boolean.getBoolean("kvstore.test.long");

  private LongForm() {}

  /** Returns how often something is done: in the gate, or in the long form. */
  public static int of(int gate, int longForm) {
    return ON ? longForm : gate;
  }

  /** Returns the same, unless a property of its own says how often. */
  public static int of(String property, int gate, int longForm) {
    return Integer.getInteger(property, of(gate, longForm));
  }

  /** Returns where dice start: in the gate always at the same place, in the long form at any. */
  public static long seed(String property) {
    return Long.getLong(property, ON ? System.nanoTime() : 1);
  }
}
