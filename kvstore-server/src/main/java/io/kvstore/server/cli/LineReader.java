package io.kvstore.server.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A reader of lines of bytes, each ended by a line feed or the end of input. Holds one line at a
 * time.
 */
final class LineReader {
  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream from;
  private final int maxLineBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int next;
  private int filled;
  private long lines;

  LineReader(InputStream from, int maxLineBytes) {
    this.from = from;
    this.maxLineBytes = maxLineBytes;
  }

  /**
   * Returns the next line, without its end, or null at the end of input.
   *
   * @throws BadLineException if it is too long; the next line can be read nevertheless
   */
  byte @Nullable [] next() throws IOException, BadLineException {
    if (!fill()) {
      return null;
    }
    lines++;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean isTooLong = false;
    boolean ended = false;
    while (!ended && fill()) {
      int end = next;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      isTooLong |= end - next > maxLineBytes - line.size();
      if (!isTooLong) {
        line.write(buffer, next, end - next);
      }
      ended = end < filled;
      next = ended ? end + 1 : end;
    }
    if (isTooLong) {
      throw new BadLineException("is longer than MAX_LINE_BYTES = " + maxLineBytes);
    }
    return line.toByteArray();
  }

  /** Returns the number of the last line read; the first is 1. */
  long number() {
    return lines;
  }

  private boolean fill() throws IOException {
    if (next == filled) {
      next = 0;
      filled = Math.max(0, from.read(buffer));
    }
    return filled > 0;
  }
}
