package io.kvstore.server.config;

import java.util.Collection;

/** The suggestion of a known name for a misspelt one, by the edit distance (Damerau, 1964). */
public final class Suggestion {
  /** A name with more errors than a third of its letters is probably not meant. */
  private static final int LETTERS_PER_ERROR = 3;

  private Suggestion() {}

  /** Returns ", did you mean 'port'?" for the nearest known name; empty if none is near. */
  public static String of(String misspelt, Collection<String> known) {
    String nearest = "";
    int least = Math.max(1, misspelt.length() / LETTERS_PER_ERROR) + 1;
    for (String name : known.stream().sorted().toList()) {
      int errors = distance(misspelt, name);
      if (errors < least) {
        least = errors;
        nearest = name;
      }
    }
    return nearest.isEmpty() ? "" : ", did you mean '" + nearest + "'?";
  }

  /** Counts the letters to insert, delete, change or swap with the next. */
  private static int distance(String a, String b) {
    int[][] errors = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          errors[i][j] = i + j;
          continue;
        }
        boolean isSame = a.charAt(i - 1) == b.charAt(j - 1);
        int changed = errors[i - 1][j - 1] + (isSame ? 0 : 1);
        errors[i][j] = Math.min(changed, 1 + Math.min(errors[i - 1][j], errors[i][j - 1]));
        boolean isSwapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (isSwapped) {
          errors[i][j] = Math.min(errors[i][j], 1 + errors[i - 2][j - 2]);
        }
      }
    }
    return errors[a.length()][b.length()];
  }
}
