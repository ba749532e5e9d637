package io.kvstore.faults;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The runner of scripts on the rewritten store. Each runs on a thread of its own under a watchdog:
 * one without progress for too long is abandoned, with a thread dump. One case at a time.
 */
final class SteppedStore implements AutoCloseable {
  private static final long LOOK_MILLIS = 50;

  private final Path directory;
  private final long limitNanos;
  private final SteppedClasses classes = SteppedClasses.load();
  private final Map<String, Script> scripts = new HashMap<>();
  private final Thread.UncaughtExceptionHandler before =
      Thread.getDefaultUncaughtExceptionHandler();
  private final Queue<String> ended = new ConcurrentLinkedQueue<>();
  private int runs;

  /**
   * @param directory an empty one
   * @param limitNanos how long a call may take until it counts as a hang
   */
  SteppedStore(Path directory, long limitNanos) {
    this.directory = directory;
    this.limitNanos = limitNanos;
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> ended.add("thread " + thread.getName() + " was ended by " + traceOf(e)));
  }

  List<Step> steps() {
    return classes.steps();
  }

  /** Counts how often a script takes each step, by what the thread does. */
  Map<String, AtomicIntegerArray> count(String script, Mode mode) {
    runSound(script, mode); // so that what happens once in a JVM is not counted
    FaultPoints.Counting counting = FaultPoints.count(steps().size());
    runSound(script, mode);
    FaultPoints.disarm();
    return counting.counts();
  }

  private void runSound(String script, Mode mode) {
    Outcome outcome = run(script, mode, null);
    if (!outcome.isGood()) {
      throw new AssertionError(
          script
              + " in mode "
              + mode
              + ", nothing injected: "
              + outcome.failure()
              + outcome.details());
    }
  }

  Outcome run(StepCase one) {
    return run(one.script(), one.mode(), one);
  }

  private Outcome run(String name, Mode mode, @Nullable StepCase fault) {
    Script script = prepared(name);
    Path own = directory.resolve("run" + runs++);
    create(own);
    ended.clear();
    ThreadGroup threads = new ThreadGroup("case");
    FaultPoints.Armed armed = fault == null ? null : FaultPoints.arm(fault, threads, steps());
    CaseRun run = new CaseRun(template(name, mode), own, mode, armed);
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              script.run(run);
              return null;
            });
    Thread thread = new Thread(threads, task, FaultPoints.CALLER);
    thread.setDaemon(true);
    thread.start();
    String failure = await(task, run);
    String details = "";
    if (failure == null) {
      failure = awaitThreads(threads);
    }
    if (failure != null) {
      details = details(armed, threads, task);
    } else {
      delete(own);
    }
    if (fault != null) {
      FaultPoints.disarm();
    }
    return new Outcome(armed == null ? null : armed.thrown(), failure, details);
  }

  private Script prepared(String name) {
    return scripts.computeIfAbsent(
        name,
        n -> {
          Script script = classes.script(n);
          for (Mode mode : Mode.values()) {
            create(template(n, mode));
            try {
              script.prepare(template(n, mode), mode);
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
          return script;
        });
  }

  private Path template(String script, Mode mode) {
    return directory.resolve(script + "-" + mode);
  }

  /** Waits for the end, and returns what went wrong, or null. */
  private @Nullable String await(FutureTask<Void> task, CaseRun run) {
    for (; ; ) {
      try {
        task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return null;
      } catch (TimeoutException e) {
        if (System.nanoTime() - run.since() > limitNanos) {
          return "hangs in: " + run.doing();
        }
      } catch (ExecutionException e) {
        return String.valueOf(e.getCause().getMessage());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** A store that is closed has no threads any more. */
  private @Nullable String awaitThreads(ThreadGroup group) {
    long end = System.nanoTime() + limitNanos;
    for (Thread thread : storeThreads(group)) {
      try {
        thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (thread.isAlive()) {
        return "left behind: thread " + FaultPoints.workOf(thread);
      }
    }
    return null;
  }

  private static List<Thread> storeThreads(ThreadGroup group) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getThreadGroup() == group && FaultPoints.workOf(thread) != null)
        .toList();
  }

  private String details(
      FaultPoints.@Nullable Armed armed, ThreadGroup group, FutureTask<Void> task) {
    StringBuilder text = new StringBuilder();
    if (armed != null && armed.thrown() != null) {
      text.append("\nThrown: ").append(traceOf(armed.thrown()));
    }
    ended.forEach(one -> text.append("\nUncaught: ").append(one));
    if (task.isDone()) {
      try {
        task.get();
      } catch (ExecutionException e) {
        text.append("\nFound: ").append(traceOf(e.getCause()));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    text.append(ThreadDump.of(thread -> thread.getThreadGroup() == group));
    return text.append('\n').toString();
  }

  private static String traceOf(Throwable e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static void create(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(files::add);
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    FaultPoints.disarm();
    Thread.setDefaultUncaughtExceptionHandler(before);
  }
}
