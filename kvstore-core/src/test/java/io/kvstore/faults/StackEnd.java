package io.kvstore.faults;

import io.kvstore.KvStoreException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A caller at the end of a thread's stack: calls an action with almost no stack left, and then with
 * one frame more each time, until the calls have enough room.
 */
final class StackEnd {
  private static final int STACK_BYTES = 256 << 10;

  /** After so many calls in a row that were answered there is room for any. */
  private static final int ENOUGH = 4;

  private final IntConsumer call;
  private final boolean[] done;
  private int next;
  private int answered;
  private @Nullable Throwable unexpected;

  private StackEnd(IntConsumer call, int most) {
    this.call = call;
    this.done = new boolean[most];
  }

  /** The size of the frames between the calls: with each size, a call overflows at other points. */
  enum Frame {
    SMALL,
    MIDDLE,
    LARGE
  }

  /**
   * Makes the calls, numbered from 0.
   *
   * @param most not more calls than this
   * @return for each whether it has returned without an exception
   */
  static boolean[] call(String what, Frame frame, int most, IntConsumer call)
      throws InterruptedException {
    StackEnd end = new StackEnd(call, most);
    Thread thread = new Thread(null, () -> end.descend(frame), "stack end", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    await(thread, what + " at the end of the stack");
    if (end.unexpected != null) {
      throw new AssertionError(what + " threw " + end.unexpected, end.unexpected);
    }
    return end.done;
  }

  /** Waits for a thread, which must not hang. */
  static void await(Thread thread, String what) throws InterruptedException {
    thread.join(TimeUnit.SECONDS.toMillis(Limits.HANG_SECONDS));
    if (thread.isAlive()) {
      throw new AssertionError("hangs in " + what + ThreadDump.of(t -> t.getId() > 1));
    }
  }

  /** Does something with all the stack there is, which must not hang, nor throw. */
  static void onAnotherThread(String what, Runnable task) throws InterruptedException {
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(task, "other");
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
    thread.start();
    await(thread, what);
    if (thrown.get() != null) {
      throw new AssertionError(what + " threw " + thrown.get(), thrown.get());
    }
  }

  private void descend(Frame frame) {
    switch (frame) {
      case SMALL -> small();
      case MIDDLE -> middle(1, 2, 3);
      case LARGE -> large(1, 2, 3);
    }
  }

  @SuppressWarnings("InfiniteRecursion") // until the end of the stack
  private void small() {
    try {
      small();
    } catch (StackOverflowError e) {
      // the end
    }
    attempt();
  }

  @SuppressWarnings("InfiniteRecursion") // until the end of the stack
  private long middle(long a, long b, long c) {
    long result = a;
    try {
      result = middle(b, c, a + 1);
    } catch (StackOverflowError e) {
      // the end
    }
    attempt();
    return result + b + c;
  }

  @SuppressWarnings("InfiniteRecursion") // until the end of the stack
  private long large(long a, long b, long c) {
    long d = a + b;
    long e = b + c;
    long f = c + d;
    long g = d + e;
    long h = e + f;
    long i = f + g;
    long j = g + h;
    long k = h + i;
    try {
      k += large(i, j, k);
    } catch (StackOverflowError end) {
      // the end
    }
    attempt();
    return a + b + c + d + e + f + g + h + i + j + k;
  }

  private void attempt() {
    if (answered < ENOUGH && next < done.length && unexpected == null) {
      int number = next++;
      try {
        call.accept(number);
        done[number] = true;
        answered++;
      } catch (StackOverflowError e) {
        answered = 0;
      } catch (KvStoreException e) {
        answered++; // refused, which is an answer too
      } catch (Throwable e) {
        unexpected = e;
      }
    }
  }
}
