package io.kvstore.bench.jmh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Group commit without a store, as the upper bound: threads hand over a record and wait, and one
 * thread writes the bytes of all waiting records, syncs once, and wakes them. A program whose
 * threads wait for their syncs cannot do less.
 */
final class BareCommit implements AutoCloseable {
  private final DeviceFile file;
  private final ByteBuffer bytes;
  private final int recordBytes;
  private final Thread thread = new Thread(this::run, "bare-commit");

  @GuardedBy("this")
  private int asked;

  @GuardedBy("this")
  private boolean closed;

  @GuardedBy("this")
  private CompletableFuture<Void> group = new CompletableFuture<>();

  /** Takes over the file. */
  BareCommit(DeviceFile file, int recordBytes, int maxThreads) {
    this.file = file;
    this.recordBytes = recordBytes;
    bytes = ByteBuffer.allocateDirect(recordBytes * maxThreads);
  }

  void start() {
    thread.start();
  }

  /** Returns when the device has one more record. */
  void write() {
    CompletableFuture<Void> mine;
    synchronized (this) {
      mine = group;
      asked++;
      notifyAll();
    }
    mine.join();
  }

  private void run() {
    for (Group next = next(); next != null; next = next()) {
      try {
        file.writeAndSync(bytes, next.records * recordBytes);
        next.done.complete(null);
      } catch (IOException e) {
        next.done.completeExceptionally(e);
      }
    }
  }

  private record Group(int records, CompletableFuture<Void> done) {}

  private synchronized @Nullable Group next() {
    try {
      while (asked == 0 && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      return null;
    }
    if (asked == 0) {
      return null;
    }
    Group next = new Group(asked, group);
    asked = 0;
    group = new CompletableFuture<>();
    return next;
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try (file) {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
