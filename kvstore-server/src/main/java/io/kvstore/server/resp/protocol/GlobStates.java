package io.kvstore.server.resp.protocol;

/**
 * A {@link Glob} as a set of states: after some bytes, state {@code i} is in the set if the first
 * {@code i} elements can match them. A star is no element, but lets a state stay. Each byte takes
 * one step for 64 states, whatever the pattern.
 */
final class GlobStates {
  private static final int BYTES = 256;

  /** For each byte, the elements that match it, as the words of a bit set. */
  private final long[] matching;

  /** The states that any byte leaves as they are. */
  private final long[] stays;

  private final int words;
  private final int last;
  private final int length;

  /**
   * @param length that of the pattern
   * @param pattern matches single elements
   */
  GlobStates(int length, Glob pattern) {
    this.length = length;
    words = length / Long.SIZE + 1;
    matching = new long[BYTES * words];
    stays = new long[words];
    int element = 0;
    for (int p = 0; p < length; ) {
      long bit = 1L << element;
      int word = element / Long.SIZE;
      if (pattern.isStar(p)) {
        stays[word] |= bit;
        p++;
        continue;
      }
      for (int b = 0; b < BYTES; b++) {
        if (pattern.matchesOne(p, (byte) b)) {
          matching[b * words + word] |= bit;
        }
      }
      p = pattern.next();
      element++;
    }
    last = element;
  }

  /** The steps that the constructor has taken. */
  long compileSteps() {
    return (long) BYTES * length;
  }

  /** The maximum number of steps to match so many bytes. */
  long steps(int bytes) {
    return (long) bytes * words;
  }

  boolean matches(byte[] text) {
    long[] states = new long[words];
    states[0] = 1;
    for (byte b : text) {
      int from = (b & 0xFF) * words;
      long any = 0;
      for (int w = words - 1; w >= 0; w--) {
        long carry = w == 0 ? 0 : (states[w - 1] & matching[from + w - 1]) >>> (Long.SIZE - 1);
        states[w] = (states[w] & matching[from + w]) << 1 | carry | (states[w] & stays[w]);
        any |= states[w];
      }
      if (any == 0) {
        return false;
      }
    }
    return (states[last / Long.SIZE] >>> last & 1) != 0;
  }
}
