package io.kvstore.model;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The counters of the operations and events of all runs, to detect events that never occurred. */
final class ModelTally {

  /** The counted events other than operations. */
  enum Event {
    REFUSALS,
    CLOSES,
    CRASHES,
    CUTS,
    CHANGES_CUT,
    BACKUPS,
    RESTORES,
    DAMAGES,
    GAPS
  }

  private final Map<Event, Long> counts = new EnumMap<>(Event.class);
  private long operations;

  void operation() {
    operations++;
  }

  void add(Event event) {
    add(event, 1);
  }

  void add(Event event, long count) {
    counts.merge(event, count, Long::sum);
  }

  long operations() {
    return operations;
  }

  long count(Event event) {
    return counts.getOrDefault(event, 0L);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(String.format("%,d operations", operations));
    for (Map.Entry<Event, Long> each : counts.entrySet()) {
      String name = each.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      text.append(String.format(", %,d %s", each.getValue(), name));
    }
    return text.toString();
  }
}
