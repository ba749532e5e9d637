package io.kvstore.platform;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Where the store says what those who run it should know. */
public final class StoreLogger {
  private StoreLogger() {}

  /**
   * Returns the logger, which never fails: the store goes on without a line for which there is no
   * memory. To be asked for when there is something to say, and not before: the JDK loads much for
   * the first one, which would make each opening longer.
   */
  public static System.Logger get() {
    return UNFAILING;
  }

  private static final System.Logger UNFAILING = new Unfailing();

  /** Asks for the JDK's logger each time; where a class of it could not be loaded, it never can. */
  private static final class Unfailing implements System.Logger {
    private static final String NAME = "io.kvstore";

    @Override
    public String getName() {
      return NAME;
    }

    @Override
    public boolean isLoggable(Level level) {
      try {
        return System.getLogger(NAME).isLoggable(level);
      } catch (VirtualMachineError | LinkageError e) {
        return false;
      }
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, @Nullable String line, Throwable thrown) {
      try {
        System.getLogger(NAME).log(level, bundle, line, thrown);
      } catch (VirtualMachineError | LinkageError e) {
        // There is no line then.
      }
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object... values) {
      try {
        System.getLogger(NAME).log(level, bundle, format, values);
      } catch (VirtualMachineError | LinkageError e) {
        // There is no line then.
      }
    }
  }
}
