package io.kvstore.server.resp.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A glob pattern for keys and channels, matched byte by byte as in Redis: {@code *} any bytes,
 * {@code ?} any one byte, {@code [abc]}, {@code [a-z]} and {@code [^a]} one of a class, {@code \}
 * escapes the next. Only an empty pattern matches empty input.
 *
 * <p>Tries the pattern by backtracking to its last star, which is fast for usual ones. If that
 * takes too many steps, {@link GlobStates} decides, whose time is proportional to the length of the
 * input.
 */
public final class Glob {
  /** The steps of one match before the pattern is compiled. */
  static final int MAX_STEPS = 4 << 10;

  private static final int NOWHERE = -1;

  private final byte[] pattern;
  private @Nullable GlobStates states;

  /** The index in the pattern after the element that {@link #matchesOne} has matched. */
  private int next;

  private long steps;

  public Glob(byte[] pattern) {
    this.pattern = pattern;
  }

  /**
   * Returns the pattern in an argument.
   *
   * @throws RespException if it is too long
   */
  public static Glob of(Request request, int i) {
    checkLength(request, i);
    return new Glob(request.bytes(i));
  }

  /**
   * Checks the length of a pattern in an argument.
   *
   * @throws RespException if it is too long
   */
  public static void checkLength(Request request, int i) {
    if (request.length(i) > RespLimits.MAX_PATTERN_BYTES) {
      throw new RespException(
          "ERR the pattern has more than the limit of " + RespLimits.MAX_PATTERN_BYTES + " bytes");
    }
  }

  /** Returns the same pattern with ASCII letters in lower case. */
  public Glob inLowerCase() {
    byte[] lower = pattern.clone();
    for (int i = 0; i < lower.length; i++) {
      if (lower[i] >= 'A' && lower[i] <= 'Z') {
        lower[i] = (byte) (lower[i] + ('a' - 'A'));
      }
    }
    return new Glob(lower);
  }

  /** Whether this is a single star, which matches all keys in commands that list them. */
  public boolean isAll() {
    return pattern.length == 1 && pattern[0] == '*';
  }

  /** The steps that all matches so far have taken: a measure of their time. */
  public long steps() {
    return steps;
  }

  public boolean matches(byte[] text) {
    if (text.length == 0) {
      return pattern.length == 0;
    }
    long limit = steps + MAX_STEPS;
    int p = 0;
    int t = 0;
    int afterStar = NOWHERE;
    int retry = 0;
    while (t < text.length) {
      if (++steps > limit) {
        return matchesByStates(text);
      }
      if (p < pattern.length && pattern[p] == '*') {
        afterStar = ++p;
        retry = t;
      } else if (p < pattern.length && matchesOne(p, text[t])) {
        p = next;
        t++;
      } else if (afterStar == NOWHERE) {
        return false;
      } else {
        p = afterStar;
        t = ++retry;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p >= pattern.length;
  }

  private boolean matchesByStates(byte[] text) {
    GlobStates compiled = states;
    if (compiled == null) {
      compiled = new GlobStates(pattern.length, this);
      states = compiled;
      steps += compiled.compileSteps();
    }
    steps += compiled.steps(text.length);
    return compiled.matches(text);
  }

  boolean isStar(int p) {
    return pattern[p] == '*';
  }

  /** Returns the index after the element that {@link #matchesOne} has matched, or not. */
  int next() {
    return next;
  }

  /** Whether an element of the pattern, other than a star, matches a byte. */
  boolean matchesOne(int p, byte b) {
    switch (pattern[p]) {
      case '?' -> {
        next = p + 1;
        return true;
      }
      case '[' -> {
        boolean found = matchesClass(p + 1, b & 0xFF);
        steps += next - p;
        return found;
      }
      case '\\' -> {
        int literal = p + 1 < pattern.length ? p + 1 : p;
        next = literal + 1;
        return pattern[literal] == b;
      }
      default -> {
        next = p + 1;
        return pattern[p] == b;
      }
    }
  }

  /** A class without a closing bracket ends with the pattern. */
  private boolean matchesClass(int from, int b) {
    int p = from;
    boolean not = p < pattern.length && pattern[p] == '^';
    if (not) {
      p++;
    }
    boolean found = false;
    while (p < pattern.length && pattern[p] != ']') {
      if (pattern[p] == '\\' && p + 1 < pattern.length) {
        p++;
        found |= (pattern[p] & 0xFF) == b;
        p++;
      } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
        int low = Math.min(pattern[p] & 0xFF, pattern[p + 2] & 0xFF);
        int high = Math.max(pattern[p] & 0xFF, pattern[p + 2] & 0xFF);
        found |= low <= b && b <= high;
        p += 3;
      } else {
        found |= (pattern[p] & 0xFF) == b;
        p++;
      }
    }
    next = Math.min(p + 1, pattern.length);
    return found != not;
  }
}
