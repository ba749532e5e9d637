package io.kvstore.engine;

import io.kvstore.log.Log;
import java.io.IOException;

/**
 * The parts of an open store.
 *
 * @param cutBytes bytes of a torn tail that opening cut off
 */
record OpenStore(Stripes stripes, Expiry expiry, Log log, Closing closing, long cutBytes) {

  /** Closes all parts, even when one fails. To be called on a thread of the store. */
  void close() throws IOException {
    closing.run(log);
  }
}
