package io.kvstore.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** System commands, which act on a store's files as other processes. */
public final class Shell {
  private Shell() {}

  /** Runs a command and tells whether it has done what it was to do. */
  public static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.onExit().join().exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a command and returns what it prints. */
  public static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    byte[] output = process.getInputStream().readAllBytes();
    process.onExit().join();
    return new String(output, StandardCharsets.UTF_8);
  }
}
