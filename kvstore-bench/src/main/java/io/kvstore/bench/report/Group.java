package io.kvstore.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The results of one question that belong in one plot and table: all parameters are the same except
 * the one that the question varies.
 */
final class Group {
  private final Question question;
  private final String unit;
  private final SortedMap<String, String> params;
  private final Map<String, Map<String, Result>> results = new LinkedHashMap<>();

  private Group(Question question, String unit, SortedMap<String, String> params) {
    this.question = question;
    this.unit = unit;
    this.params = params;
  }

  /** Returns the groups of all measurements, in the order of the report. */
  static List<Group> of(List<Measurement> measurements) {
    Map<String, String> units = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      units.putIfAbsent(measurement.question(), "");
      if (measurement.unit() != null) {
        units.put(measurement.question(), measurement.unit());
      }
    }
    Map<List<Object>, Group> groups = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      String unit = Objects.requireNonNull(units.get(measurement.question()));
      Question question = Question.of(measurement.question(), unit);
      SortedMap<String, String> params = new TreeMap<>(measurement.params());
      String variant = Objects.requireNonNullElse(params.remove(question.across()), "");
      groups
          .computeIfAbsent(List.of(question, params), unused -> new Group(question, unit, params))
          .results
          .computeIfAbsent(measurement.subject(), unused -> new LinkedHashMap<>())
          .computeIfAbsent(variant, unused -> new Result())
          .add(measurement);
    }
    List<Group> sorted = new ArrayList<>(groups.values());
    sorted.sort(
        (one, other) -> {
          int byPlace = Integer.compare(one.question.place(), other.question.place());
          int byName = one.question.name().compareTo(other.question.name());
          return byPlace != 0 ? byPlace : byName != 0 ? byName : one.compareParams(other);
        });
    return sorted;
  }

  Question question() {
    return question;
  }

  String unit() {
    return unit;
  }

  /** Returns the params that all answers share. */
  SortedMap<String, String> params() {
    return params;
  }

  /** Returns all who were asked, in the order in which they were. */
  List<String> subjects() {
    return List.copyOf(results.keySet());
  }

  /**
   * Returns the values of the param that the question goes across; one empty one if it has none.
   */
  List<String> variants() {
    Set<String> variants = new TreeSet<>(Labels.ORDER);
    results.values().forEach(byVariant -> variants.addAll(byVariant.keySet()));
    return List.copyOf(variants);
  }

  /** Returns what the subject answered, or null if it was not asked. */
  @Nullable Result result(String subject, String variant) {
    return Objects.requireNonNull(results.get(subject)).get(variant);
  }

  /** Returns the figures of the subject, or null if it has none. */
  @Nullable Spread spread(String subject, String variant) {
    Result result = result(subject, variant);
    return result == null ? null : result.spread();
  }

  /** Returns the subject's ratio to our own, or null if either has no figures. */
  @Nullable Spread ratio(String subject, String variant) {
    Result result = result(subject, variant);
    String base = Subjects.base(subject, results.keySet());
    Result ours = base == null ? null : result(base, variant);
    return result == null || ours == null ? null : result.by(ours);
  }

  /** Returns why the subject has no figures, or not all; each sentence once. */
  List<String> failures(String subject) {
    return Objects.requireNonNull(results.get(subject)).values().stream()
        .flatMap(result -> result.failures().stream())
        .distinct()
        .toList();
  }

  /** Returns whether anyone has figures. */
  boolean hasFigures() {
    return subjects().stream().anyMatch(this::hasFigures);
  }

  /** Returns whether the subject has figures for any variant. */
  boolean hasFigures(String subject) {
    return Objects.requireNonNull(results.get(subject)).values().stream()
        .anyMatch(result -> result.spread() != null);
  }

  /** Returns whether the greater figure is the better one, as of all rates. */
  boolean moreIsBetter() {
    return unit.endsWith("/s");
  }

  /** Returns what its files and anchors are called; it does not depend on other groups. */
  String slug() {
    return slug(question, params);
  }

  /** Returns what is called after the question and these params. */
  static String slug(Question question, SortedMap<String, String> params) {
    StringBuilder slug = new StringBuilder(Labels.slug(question.name()));
    params.forEach((name, value) -> slug.append('-').append(Labels.slug(name + "-" + value)));
    return slug.toString();
  }

  private int compareParams(Group other) {
    for (String name : params.keySet()) {
      String theirs = other.params.get(name);
      int order = theirs == null ? 0 : Labels.ORDER.compare(params.get(name), theirs);
      if (order != 0) {
        return order;
      }
    }
    return params.toString().compareTo(other.params.toString());
  }
}
