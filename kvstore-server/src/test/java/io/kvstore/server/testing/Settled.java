package io.kvstore.server.testing;

import io.kvstore.server.net.LongWork;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Waits for what a connection without sockets does on other threads. */
public final class Settled {
  private static final CompletableFuture<@Nullable Void> DONE =
      CompletableFuture.completedFuture(null);

  private Settled() {}

  /** Runs the tasks of a connection, and its long work, until they bring no more output. */
  public static void await(EmbeddedChannel channel) {
    int before;
    do {
      before = channel.outboundMessages().size();
      awaitLongWork();
      channel.runPendingTasks();
    } while (channel.outboundMessages().size() > before);
  }

  /** Occupies all threads for long work at the same time, so that each has ended what it did. */
  private static synchronized void awaitLongWork() {
    CyclicBarrier barrier = new CyclicBarrier(LongWork.THREADS);
    CompletableFuture.allOf(
            Stream.generate(() -> LongWork.submit(() -> arrive(barrier)))
                .limit(LongWork.THREADS)
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private static CompletableFuture<@Nullable Void> arrive(CyclicBarrier barrier) {
    try {
      barrier.await();
      return DONE;
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
