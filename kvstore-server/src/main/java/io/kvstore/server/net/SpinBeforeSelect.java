package io.kvstore.server.net;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;

/**
 * A select strategy that polls once more before the event loop blocks, after other threads have had
 * their turn. On a busy machine the next requests have arrived by then, and polling costs less than
 * blocking and waking up; on an idle machine it only delays the blocking.
 */
public final class SpinBeforeSelect implements SelectStrategy {

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // correctness does not depend on the scheduler
  public int calculateStrategy(IntSupplier look, boolean hasTasks) throws Exception {
    if (hasTasks) {
      return look.get();
    }
    Thread.yield();
    int ready = look.get();
    return ready > 0 ? ready : SELECT;
  }
}
