package io.kvstore.faults;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The fault points: the rewritten classes call this before each of their steps. For one store at a
 * time: it does nothing, counts the steps of the store's threads, or makes one of them throw, once.
 */
public final class FaultPoints {
  /** What callers' threads are named by. */
  public static final String CALLER = "caller";

  private static final String STORE_THREAD = "kvstore-";

  private static final String LATER = "injected once more into ";

  /** So many allocations fail after the first, where memory is wanting for a while. */
  private static final int LASTING = 3;

  private static volatile @Nullable Counting counting;
  private static volatile @Nullable Armed armed;

  private FaultPoints() {}

  /** Called by each step. */
  public static void hit(int step) {
    Armed fault = armed;
    if (fault != null && fault.step == step) {
      fault.hit();
    } else if (fault != null && fault.lasting.get() > 0) {
      fault.hitLater(step);
    }
    Counting counts = counting;
    if (counts != null) {
      counts.hit(step);
    }
  }

  /**
   * Lets a step throw.
   *
   * @param threads those meant, and all that they start: those of earlier cases may linger
   * @param steps all there are
   */
  static Armed arm(StepCase fault, ThreadGroup threads, List<Step> steps) {
    Armed next = new Armed(fault, threads, steps);
    armed = next;
    return next;
  }

  static Counting count(int steps) {
    Counting next = new Counting(steps);
    counting = next;
    return next;
  }

  /** Tells whether something is, or was caused by, an error after the first. */
  public static boolean isLater(@Nullable Throwable e) {
    Throwable cause = e;
    while (cause != null) {
      if (cause instanceof Error && String.valueOf(cause.getMessage()).startsWith(LATER)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Ends a want of memory of the caller's: the next call finds some. */
  public static void relent() {
    Armed fault = armed;
    if (fault != null && Thread.currentThread() == fault.thrower) {
      fault.lasting.set(0);
    }
  }

  /** Lets all steps be, from now on. */
  public static void disarm() {
    armed = null;
    counting = null;
  }

  /** Returns what a thread does for a store, by its name, or null if that is nothing. */
  static @Nullable String workOf(Thread thread) {
    String name = thread.getName();
    if (name.startsWith(STORE_THREAD)) {
      int end = name.indexOf(' ');
      return name.substring(STORE_THREAD.length(), end < 0 ? name.length() : end);
    }
    return name.startsWith(CALLER) ? CALLER : null;
  }

  /** A step that will throw. */
  static final class Armed {
    private final Fault fault;
    private final int step;
    private final boolean isEntry;
    private final ThreadGroup threads;
    private final AtomicInteger left;
    private final List<Step> steps;

    /** How many allocations of the thread are still to fail. */
    private final AtomicInteger lasting = new AtomicInteger();

    private volatile @Nullable Thread thrower;
    private volatile @Nullable Error thrown;

    private Armed(StepCase one, ThreadGroup threads, List<Step> steps) {
      this.steps = steps;
      this.fault = one.fault();
      this.step = fault.step();
      this.isEntry = one.step().what() == Step.Kind.ENTRY;
      this.threads = threads;
      this.left = new AtomicInteger(fault.occurrence());
    }

    private void hit() {
      Thread thread = Thread.currentThread();
      if (thread.getThreadGroup() == threads
          && fault.thread().equals(workOf(thread))
          && !(isEntry && isOutermost())
          && left.decrementAndGet() == 0) {
        Error error = fault.error().create("injected into " + thread.getName());
        thrown = error;
        thrower = thread;
        lasting.set(fault.error() == Injected.NO_MEMORY_FOR_A_WHILE ? LASTING : 0);
        throw error;
      }
    }

    private void hitLater(int later) {
      if (Thread.currentThread() == thrower
          && steps.get(later).what() == Step.Kind.ALLOCATION
          && lasting.getAndDecrement() > 0) {
        throw fault.error().create(LATER + thrower.getName());
      }
    }

    /** A thread's first method can't meet the end of the stack, and nothing could catch that. */
    private static boolean isOutermost() {
      return StackWalker.getInstance().walk(frames -> frames.filter(Armed::isOfTheStore).count())
          == 1;
    }

    private static boolean isOfTheStore(StackWalker.StackFrame frame) {
      String name = frame.getClassName();
      return name.startsWith("io.kvstore.") && !name.startsWith(FaultPoints.class.getName());
    }

    /** Returns what has been thrown, or null as long as nothing has. */
    @Nullable Error thrown() {
      return thrown;
    }
  }

  /** The number of occurrences of each step, by the role of its thread. */
  static final class Counting {
    private final int steps;
    private final Map<String, AtomicIntegerArray> counts = new ConcurrentHashMap<>();

    private Counting(int steps) {
      this.steps = steps;
    }

    private void hit(int step) {
      String work = workOf(Thread.currentThread());
      if (work != null) {
        counts.computeIfAbsent(work, w -> new AtomicIntegerArray(steps)).getAndIncrement(step);
      }
    }

    Map<String, AtomicIntegerArray> counts() {
      return new TreeMap<>(counts);
    }
  }
}
