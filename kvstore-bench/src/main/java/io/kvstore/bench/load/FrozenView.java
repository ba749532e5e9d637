package io.kvstore.bench.load;

import io.kvstore.KvStore;

/** An open view, such as a snapshot, for which the store has to keep old values. */
interface FrozenView extends AutoCloseable {

  /** Opens one. */
  static FrozenView open(KvStore<String, byte[]> store) {
    return store.snapshot()::close;
  }

  @Override
  void close();
}
