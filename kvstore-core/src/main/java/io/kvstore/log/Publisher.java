package io.kvstore.log;

import io.kvstore.record.LogRecord;
import java.util.List;

/**
 * The publisher of changes, for the mode in which changes become visible only once they are
 * durable. Called in the order of the log; does not throw.
 */
public interface Publisher {

  /** Makes a change visible. */
  void publish(LogRecord change);

  /** Makes the changes of a batch visible, all at once. */
  void publish(List<LogRecord> batch);
}
