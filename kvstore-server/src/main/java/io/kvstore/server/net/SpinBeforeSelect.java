package io.kvstore.server.net;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;

/**
 * A select strategy that polls once more before the event loop blocks, after other threads have had
 * their turn. On a busy machine the next requests are there by then, and to look costs less than to
 * fall asleep and to be woken; on an idle one it only puts off a sleep.
 */
public final class SpinBeforeSelect implements SelectStrategy {

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on whether anybody has had a turn
  public int calculateStrategy(IntSupplier look, boolean hasTasks) throws Exception {
    if (hasTasks) {
      return look.get();
    }
    Thread.yield();
    int ready = look.get();
    return ready > 0 ? ready : SELECT;
  }
}
