package io.kvstore.server.testing;

import io.kvstore.Batch;
import io.kvstore.BatchResult;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store whose puts and batches take effect when the test says so, on a thread of the test. */
public final class HeldStore extends DelegatingStore {
  private final Queue<Runnable> puts = new ArrayDeque<>();
  private final Semaphore arrived = new Semaphore(0);

  @Instead
  public CompletableFuture<Void> putAsync(byte[] key, byte[] value) {
    return held(
        () -> {
          behind().put(key, value);
          return null;
        });
  }

  @Instead
  public CompletableFuture<BatchResult> writeAsync(Batch<byte[], byte[]> batch) {
    return held(() -> behind().write(batch));
  }

  private <T> CompletableFuture<T> held(Supplier<@Nullable T> put) {
    CompletableFuture<T> future = new CompletableFuture<>();
    synchronized (puts) {
      puts.add(() -> future.complete(put.get()));
    }
    arrived.release();
    return future;
  }

  /** Waits for the next put and lets it happen. */
  public void letGo() throws InterruptedException {
    arrived.acquire();
    Runnable put;
    synchronized (puts) {
      put = puts.remove();
    }
    put.run();
  }

  /** How many puts wait. */
  public int waiting() {
    synchronized (puts) {
      return puts.size();
    }
  }

  /** Waits until a put has arrived. */
  public void awaitPut() throws InterruptedException {
    arrived.acquire();
    arrived.release();
  }
}
