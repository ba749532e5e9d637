package io.kvstore.platform;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The logger of the store, {@code io.kvstore}. */
public final class StoreLogger {
  private StoreLogger() {}

  /**
   * Returns the logger, which never fails: without memory for a line, the store goes on without it.
   * Call this only when there is something to log: the JDK loads many classes for the first logger,
   * which would slow down every opening.
   */
  public static System.Logger get() {
    return UNFAILING;
  }

  private static final System.Logger UNFAILING = new Unfailing();

  /**
   * A logger that looks up the JDK's logger each time and drops lines on failure: a class that
   * could not be loaded once never can.
   */
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
