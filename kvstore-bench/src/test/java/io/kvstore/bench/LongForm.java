package io.kvstore.bench;

/**
 * Whether the tests run in their long form: {@code -Dkvstore.test.long=true}, as in a nightly run.
 */
public final class LongForm {
  public static final boolean ON = Boolean.getBoolean("kvstore.test.long");

  private LongForm() {}
}
