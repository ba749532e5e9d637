package io.kvstore;

/** A watch under way, made by {@link KvStore#watch}. */
public interface Watch extends AutoCloseable {

  /** Returns the version up to which the listener has been told of everything. */
  long version();

  /**
   * Ends the watch. On return the listener is not being called and will not be any more, unless it
   * has not returned from a call for 10 seconds, or calls this itself. A second call does nothing.
   */
  @Override
  void close();
}
