package io.kvstore.testing;

import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * A log handler that collects the warnings of stores, instead of the console, until it is closed.
 */
public final class Warnings extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("io.kvstore");
  private final Queue<String> messages = new ConcurrentLinkedQueue<>();

  private Warnings() {}

  public static Warnings collect() {
    Warnings warnings = new Warnings();
    warnings.logger.addHandler(warnings);
    warnings.logger.setUseParentHandlers(false);
    return warnings;
  }

  /** Returns the warnings that name a file of a directory, and forgets them. */
  public List<String> take(Path directory) {
    List<String> of = messages.stream().filter(m -> m.contains(directory + "/")).toList();
    messages.removeAll(of);
    return of;
  }

  /** Returns all warnings so far. */
  public List<String> all() {
    return List.copyOf(messages);
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      messages.add(MessageFormat.format(record.getMessage(), record.getParameters()));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
