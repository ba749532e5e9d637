package io.kvstore.server.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar, in one terminal line that is rewritten and cleared at the end: percent, bytes,
 * rate, time left. For use by one thread.
 */
final class ProgressBar implements AutoCloseable {
  private static final long MIN_NANOS_BETWEEN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int WIDTH = 24;
  private static final long MAX_SECONDS_LEFT = TimeUnit.HOURS.toSeconds(100);

  private final @Nullable PrintStream terminal;
  private final String work;
  private final LongSupplier nanoClock;
  private final long start;
  private long last;
  private int lastLength;

  private ProgressBar(@Nullable PrintStream terminal, String work, LongSupplier nanoClock) {
    this.terminal = terminal;
    this.work = work;
    this.nanoClock = nanoClock;
    this.start = nanoClock.getAsLong();
    this.last = start;
  }

  /** Returns a progress bar on a terminal. */
  static ProgressBar on(PrintStream terminal, String work, LongSupplier nanoClock) {
    return new ProgressBar(terminal, work, nanoClock);
  }

  /** Returns a progress bar that writes nothing. */
  static ProgressBar none() {
    return new ProgressBar(null, "", () -> 0);
  }

  /** Shows progress in bytes. */
  void update(long bytes, long totalBytes) {
    update(bytes, totalBytes, bytes);
  }

  /**
   * Shows progress, at most ten times a second.
   *
   * @param done the part of {@code total} that is done, in any unit
   * @param total 0 if it is unknown
   */
  void update(long done, long total, long bytes) {
    if (terminal == null) {
      return;
    }
    long now = nanoClock.getAsLong();
    if (now - last < MIN_NANOS_BETWEEN) {
      return;
    }
    last = now;
    show(terminal, line(done, total, bytes, (now - start) / 1e9));
  }

  private String line(long done, long total, long bytes, double seconds) {
    StringBuilder line = new StringBuilder(work).append(' ');
    if (total > 0) {
      double part = Math.min(1, (double) done / total);
      int filled = (int) (part * WIDTH);
      line.append('[')
          .append("#".repeat(filled))
          .append(".".repeat(WIDTH - filled))
          .append(String.format(Locale.ROOT, "] %3d%%  ", (int) (part * 100)));
    }
    line.append(Sizes.of(bytes)).append("  ").append(Sizes.of((long) (bytes / seconds)));
    line.append("/s");
    if (total > 0 && done > 0) {
      line.append("  ").append(time(seconds * (total - done) / done)).append(" left");
    }
    return line.toString();
  }

  private static String time(double seconds) {
    long whole = Math.max(0, Math.min(MAX_SECONDS_LEFT, Math.round(seconds)));
    long hours = TimeUnit.SECONDS.toHours(whole);
    long minutes = TimeUnit.SECONDS.toMinutes(whole) % 60;
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, minutes, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", minutes, whole % 60);
  }

  private void show(PrintStream to, String line) {
    int blanks = Math.max(0, lastLength - line.length());
    to.print('\r' + line + " ".repeat(blanks));
    to.flush();
    lastLength = line.length();
  }

  /** Clears the line, so that the command's output takes its place. */
  @Override
  public void close() {
    if (terminal != null && lastLength > 0) {
      terminal.print('\r' + " ".repeat(lastLength) + '\r');
      terminal.flush();
      lastLength = 0;
    }
  }
}
