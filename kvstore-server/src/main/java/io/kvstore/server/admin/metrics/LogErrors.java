package io.kvstore.server.admin.metrics;

import io.kvstore.server.net.RecentErrors;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * A log handler that keeps the most recent warnings of the store and the server. Requires that the
 * platform logs by {@code java.util.logging}, as the program does.
 */
public final class LogErrors extends Handler {
  private static final String ROOT = "io.kvstore";

  private final Logger logger = Logger.getLogger(ROOT);
  private final RecentErrors errors = new RecentErrors();
  private final SimpleFormatter formatter = new SimpleFormatter();

  private LogErrors() {}

  /** Registers a handler until {@link #close}. */
  public static LogErrors listen() {
    LogErrors handler = new LogErrors();
    handler.setLevel(Level.WARNING);
    handler.logger.addHandler(handler);
    return handler;
  }

  public RecentErrors errors() {
    return errors;
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      errors.add(entry.getInstant(), "log", formatter.formatMessage(entry));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
