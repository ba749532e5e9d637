package io.kvstore.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Sentences about the figures of a group: descriptions, notes and failures. */
final class Captions {
  private Captions() {}

  /** Returns what bars are, and what stands beside them. */
  static String bars(Group group) {
    boolean compared =
        group.subjects().stream()
            .filter(subject -> !Subjects.isOurs(subject))
            .anyMatch(s -> group.variants().stream().anyMatch(v -> group.ratio(s, v) != null));
    String rounds = rounds(group, "thin lines");
    return compared ? rounds + " ×: ratio to kvstore in the same round." : rounds;
  }

  /** Returns how many rounds there were, and what shows their spread. */
  static String rounds(Group group, String lines) {
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (String subject : group.subjects()) {
      for (String variant : group.variants()) {
        Spread spread = group.spread(subject, variant);
        if (spread != null) {
          least = Math.min(least, spread.rounds());
          most = Math.max(most, spread.rounds());
        }
      }
    }
    String rounds = least == most ? String.valueOf(most) : least + " to " + most;
    return most == 1
        ? "One round."
        : "Median of " + rounds + " rounds; " + lines + ": least to most.";
  }

  /** Returns a sentence for each subject that failed. */
  static List<String> failures(Group group) {
    List<String> sentences = new ArrayList<>();
    for (String subject : group.subjects()) {
      for (String failure : group.failures(subject)) {
        sentences.add(subject + ": " + failure);
      }
    }
    return sentences;
  }

  /** Returns the median figures of each subject, or why there are none. */
  static List<String> figures(Group group, List<String> subjects) {
    List<String> sentences = new ArrayList<>();
    for (String subject : subjects) {
      List<String> figures = new ArrayList<>();
      for (String variant : group.variants()) {
        Spread spread = group.spread(subject, variant);
        if (spread != null) {
          String words = Labels.param(group.question().across(), variant);
          String figure = Labels.figure(spread.median(), group.unit());
          figures.add(words.isEmpty() ? figure : words + " " + figure);
        }
      }
      if (figures.isEmpty()) {
        figures.addAll(group.failures(subject));
      }
      sentences.add(subject + ": " + String.join(", ", figures));
    }
    return sentences;
  }
}
