package io.kvstore;

/** An open change feed, started by {@link KvStore#watch}. */
public interface Watch extends AutoCloseable {

  /** Returns the version up to which all changes have been delivered to the listener. */
  long version();

  /**
   * Ends the watch. On return the listener is not being called and will not be called again, unless
   * it has not returned from a call for 10 seconds, or calls this method itself. A second call does
   * nothing.
   */
  @Override
  void close();
}
