package io.kvstore.server.cli;

import java.util.Locale;

/** Byte counts in human-readable form. */
final class Sizes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int STEP = 1024;

  private Sizes() {}

  /** Formats a count, such as {@code 17 B} or {@code 1.5 GiB}. */
  static String of(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= STEP) {
      size /= STEP;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
  }
}
