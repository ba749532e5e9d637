package io.kvstore.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subjects of a group from the best to the worst by the last variant: that with the most
 * entries, or after the most work. Behind them those who have a figure for an earlier one only, and
 * at the end those who have none.
 */
final class Ranking {
  private final Group group;
  private final List<String> variants;

  private Ranking(Group group) {
    this.group = group;
    this.variants = group.variants();
  }

  static List<String> of(Group group) {
    Ranking ranking = new Ranking(group);
    List<String> subjects = new ArrayList<>(group.subjects());
    subjects.sort(
        Comparator.comparingInt(ranking::missing).thenComparingDouble(ranking::worseness));
    return subjects;
  }

  /** For how many of the last variants the subject has no figure. */
  private int missing(String subject) {
    int missing = 0;
    while (missing < variants.size() && spread(subject, missing) == null) {
      missing++;
    }
    return missing;
  }

  private double worseness(String subject) {
    int missing = missing(subject);
    Spread spread = missing == variants.size() ? null : spread(subject, missing);
    double median = spread == null ? 0 : spread.median();
    return group.moreIsBetter() ? -median : median;
  }

  private @Nullable Spread spread(String subject, int fromLast) {
    return group.spread(subject, variants.get(variants.size() - 1 - fromLast));
  }
}
