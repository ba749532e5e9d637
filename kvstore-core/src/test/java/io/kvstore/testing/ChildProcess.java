package io.kvstore.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A child process of a test: the same JVM, with the same class path. */
public final class ChildProcess {
  private ChildProcess() {}

  /**
   * Starts a program. Its standard error becomes that of the tests: written by this JVM, it belongs
   * to the test that is running, and is no stray text in the build's output.
   */
  public static Process start(Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    Thread errors =
        new Thread(
            () -> process.errorReader(UTF_8).lines().forEach(System.err::println),
            "errors of " + process.pid());
    errors.setDaemon(true);
    errors.start();
    return process;
  }
}
