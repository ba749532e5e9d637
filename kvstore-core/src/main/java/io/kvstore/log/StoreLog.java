package io.kvstore.log;

/** Where the store says what those who run it should know. */
public final class StoreLog {
  private StoreLog() {}

  /**
   * Returns the logger. To be asked for when there is something to say, and not before: the JDK
   * loads much for the first one, which would make each opening longer.
   */
  public static System.Logger get() {
    return System.getLogger("io.kvstore");
  }
}
