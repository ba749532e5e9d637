package io.kvstore.log;

import io.kvstore.record.LogRecord;
import java.util.List;

/**
 * Told of changes once they are safe, in the order of the log, where they may not be seen before.
 * Throws nothing.
 */
public interface Publisher {

  /** Shows a change. */
  void publish(LogRecord change);

  /** Shows the changes of a batch, all at once. */
  void publish(List<LogRecord> batch);
}
