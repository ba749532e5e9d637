package io.kvstore.server.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The standard streams of a command.
 *
 * @param out unbuffered, so that a full disk or a closed pipe is reported and not lost
 * @param isTerminal whether standard error is a terminal
 */
public record Streams(InputStream in, OutputStream out, PrintStream err, boolean isTerminal) {

  /** Returns the streams of the process. */
  public static Streams system() {
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    return new Streams(System.in, out, System.err, hasTerminal());
  }

  @SuppressWarnings("SystemConsoleNull") // asked as well, where the method exists
  private static boolean hasTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From JDK 22 on there is always a console, and it knows whether it is a terminal.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
