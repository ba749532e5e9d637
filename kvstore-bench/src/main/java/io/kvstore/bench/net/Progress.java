package io.kvstore.bench.net;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A progress line on the terminal; does nothing without a terminal. */
final class Progress {
  private static final double NANOS_PER_SECOND = 1e9;

  private final @Nullable PrintStream terminal;
  private String what = "";
  private double wantedSeconds;
  private long startNanos;
  private int shown;

  private Progress(@Nullable PrintStream terminal) {
    this.terminal = terminal;
  }

  static Progress on(PrintStream terminal) {
    return new Progress(terminal);
  }

  static Progress none() {
    return new Progress(null);
  }

  /** Returns one on the terminal of this process, if it has one. */
  static Progress ofProcess() {
    return isTerminal() ? on(System.err) : none();
  }

  @SuppressWarnings("SystemConsoleNull") // asked as well, where it can be
  private static boolean isTerminal() {
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

  /**
   * Starts a part of the run.
   *
   * @param seconds expected duration, or 0 if unknown
   */
  void start(String newWhat, double seconds) {
    what = newWhat;
    wantedSeconds = seconds;
    startNanos = System.nanoTime();
  }

  /** Shows how far it has come. */
  void show(long operations) {
    if (terminal == null) {
      return;
    }
    double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / NANOS_PER_SECOND);
    String of = wantedSeconds > 0 ? String.format(Locale.ROOT, " of %.0f", wantedSeconds) : "";
    write(
        terminal,
        String.format(
            Locale.ROOT,
            "%s: %.0f%s s, %,d operations, %,.0f/s",
            what,
            seconds,
            of,
            operations,
            operations / seconds));
  }

  /** Blanks the line, so that something else can be said. */
  void clear() {
    if (terminal != null && shown > 0) {
      write(terminal, "");
      terminal.print('\r');
      terminal.flush();
    }
  }

  private void write(PrintStream to, String line) {
    to.print('\r' + line + " ".repeat(Math.max(0, shown - line.length())));
    to.flush();
    shown = line.length();
  }
}
