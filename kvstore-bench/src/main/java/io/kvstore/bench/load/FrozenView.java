package io.kvstore.bench.load;

import io.kvstore.KvStore;

/** Something held open that the store has to keep old values for. */
interface FrozenView extends AutoCloseable {

  /** Opens one. */
  static FrozenView open(KvStore<String, byte[]> store) {
    return store.snapshot()::close;
  }

  @Override
  void close();
}
