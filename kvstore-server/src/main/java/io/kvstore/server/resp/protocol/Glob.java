package io.kvstore.server.resp.protocol;

/**
 * A glob pattern for keys and channels, matched byte by byte as in Redis: {@code *} any bytes,
 * {@code ?} any one byte, {@code [abc]}, {@code [a-z]} and {@code [^a]} one of a class, {@code \}
 * escapes the next. Only an empty pattern matches empty input. Takes at most time proportional to
 * the product of both lengths.
 */
public final class Glob {
  private static final int NOWHERE = -1;

  private final byte[] pattern;

  /** The index in the pattern after the element that {@link #matchesOne} has matched. */
  private int next;

  public Glob(byte[] pattern) {
    this.pattern = pattern;
  }

  /** Whether this is a single star, which matches all keys in commands that list them. */
  public boolean isAll() {
    return pattern.length == 1 && pattern[0] == '*';
  }

  public boolean matches(byte[] text) {
    if (text.length == 0) {
      return pattern.length == 0;
    }
    int p = 0;
    int t = 0;
    int afterStar = NOWHERE;
    int retry = 0;
    while (t < text.length) {
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

  private boolean matchesOne(int p, byte b) {
    switch (pattern[p]) {
      case '?' -> {
        next = p + 1;
        return true;
      }
      case '[' -> {
        return matchesClass(p + 1, b & 0xFF);
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
