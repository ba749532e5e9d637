package io.kvstore;

/**
 * Told of the changes of a store one after the other, in the order of their versions, on a thread
 * of the store that does nothing else. It may take its time and call the store; no writer ever
 * waits for it. What it throws ends the watch.
 */
public interface ChangeListener<K, V> {

  /** Learns of a put. The store shows it, or something newer, already. */
  void onPut(Entry<K, V> entry);

  /** Learns that a key was deleted, or had expired and was swept. */
  void onDelete(K key, long version);

  /**
   * Learns that it has missed changes: they are no longer kept. What comes next has the version
   * {@code to + 1} or is still to happen. To know all entries again, read them after this call.
   *
   * @param from the version of the first change missed
   * @param to that of the last
   */
  void onGap(long from, long to);

  /**
   * Learns that nothing more will come, and why: a damaged record, a codec that could not decode,
   * or what this listener has thrown. Not called when the watch or the store is closed.
   */
  default void onFailure(Throwable cause) {}
}
