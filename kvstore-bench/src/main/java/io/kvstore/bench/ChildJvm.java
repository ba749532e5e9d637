package io.kvstore.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A child process with the JVM and class path of this one. It inherits standard error. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts a main class with JVM flags and arguments. */
  public static ChildJvm start(Class<?> main, List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dbench.dir=" + ScratchDirectory.parent());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    try {
      return new ChildJvm(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException("can't start " + command, e);
    }
  }

  /** Waits for a line of its output, and returns null after the last. */
  public @Nullable String readLine() {
    try {
      return output.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException("can't read what " + process + " writes", e);
    }
  }

  /**
   * Copies all its output, and returns when it has ended.
   *
   * @throws IllegalStateException if it has failed
   */
  public void copyOutput(PrintStream to) throws InterruptedException {
    for (String line = readLine(); line != null; line = readLine()) {
      to.println(line);
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException(process + " ended with " + status);
    }
  }

  /**
   * Waits until it has ended, and returns the lines of its output.
   *
   * @throws IllegalStateException if it has failed, or not ended within the limit and so was
   *     killed; the message is a sentence that has the last line in it
   */
  public List<String> output(Duration limit) {
    AtomicBoolean late = new AtomicBoolean();
    CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (process.isAlive()) {
                late.set(true);
                process.destroyForcibly();
              }
            });
    List<String> lines = new ArrayList<>();
    try {
      for (String line = readLine(); line != null; line = readLine()) {
        lines.add(line);
      }
    } catch (UncheckedIOException e) {
      if (!late.get()) { // killing it closes its output as well
        throw e;
      }
    }
    int status = process.onExit().join().exitValue();
    if (late.get()) {
      throw new IllegalStateException("not done after " + limit.toSeconds() + " seconds");
    }
    if (status != 0) {
      String last = lines.isEmpty() ? "it wrote nothing" : lines.get(lines.size() - 1);
      throw new IllegalStateException("its process ended with " + status + ": " + last);
    }
    return lines;
  }

  /** Kills the process, as with {@code kill -9}, if it still runs, and waits until it has ended. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
