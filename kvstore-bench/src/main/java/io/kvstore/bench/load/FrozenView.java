package io.kvstore.bench.load;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import java.util.Iterator;

/** Something held open that the store has to keep old values for. */
interface FrozenView extends AutoCloseable {

  /** Opens one. As long as the store has no snapshots, it is an iterator at its first entry. */
  static FrozenView open(KvStore<String, byte[]> store) {
    Iterator<Entry<String, byte[]>> iterator = store.iterator();
    iterator.next();
    return iterator::next;
  }

  @Override
  void close();
}
