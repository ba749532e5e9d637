package io.kvstore;

/**
 * A listener for the changes of a store. It is called for one change at a time, in the order of
 * their versions, on a thread of the store that does nothing else. It may be slow and may call the
 * store; no writer ever waits for it. An exception that it throws ends the watch.
 */
public interface ChangeListener<K, V> {

  /** Called for a put. The store already shows this entry, or a newer change of its key. */
  void onPut(Entry<K, V> entry);

  /**
   * Called for a put whose encoded value has more than 16 KiB, before {@link #onPut}. A listener
   * that can use the encoded value needs no copy of it then.
   *
   * @param value the value, as {@link KvStore#view} returns one
   * @return whether the put has been handled; if not, {@link #onPut} is called
   */
  default boolean onLargePut(K key, ValueView value) {
    return false;
  }

  /** Called for a key that was deleted, or that had expired and was swept. */
  void onDelete(K key, long version);

  /**
   * Called when changes have been missed because they are no longer kept. The next change has the
   * version {@code to + 1} or has not happened yet. To know all entries again, read them after this
   * call.
   *
   * @param from the version of the first missed change
   * @param to the version of the last missed change
   */
  void onGap(long from, long to);

  /**
   * Called when the watch has failed and no further change will be delivered. The cause is a
   * damaged record, a codec that could not decode, or an exception that this listener has thrown.
   * Not called when the watch or the store is closed.
   */
  default void onFailure(Throwable cause) {}
}
