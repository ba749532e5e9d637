package io.kvstore.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A linearizability checker: determines whether the calls on one key can be explained by some order
 * in which they took effect, one at a time, each between its call and its return; before the first
 * the key has no value.
 *
 * <p>G. Lowe, "Testing for linearizability" (2017): goes through calls and returns in the order of
 * time and keeps every configuration that the history so far allows, which is the value and the set
 * of open calls that have taken effect already. A call takes effect as late as it can: just before
 * a return, its own or that of a later one. This loses no order: whatever takes effect earlier can
 * be moved to just before the next return without passing a call or a return that forbids it. If a
 * return leaves no configuration, no order exists. The work is bounded by the calls that are open
 * at once, not by the length of the history.
 */
public final class LinearizabilityChecker {
  private static final int MAX_OPEN = Long.SIZE;
  private static final int SHOWN = 24;

  private record Configuration(long effective, @Nullable String value) {}

  private record Event(Operation operation, boolean isCall) {
    long time() {
      return isCall ? operation.called() : operation.returned();
    }
  }

  private final Operation[] open = new Operation[MAX_OPEN];
  private Set<Configuration> configurations = Set.of(new Configuration(0, null));

  private LinearizabilityChecker() {}

  /** Returns why no order explains the history of one key, or nothing if one does. */
  public static Optional<String> explain(List<Operation> history) {
    List<Event> events = new ArrayList<>();
    for (Operation operation : history) {
      if (operation.called() > operation.returned()) {
        throw new IllegalArgumentException(operation + " returned before it was called");
      }
      events.add(new Event(operation, true));
      events.add(new Event(operation, false));
    }
    // At the same time, calls first: such operations count as concurrent.
    events.sort(Comparator.comparingLong(Event::time).thenComparing(event -> !event.isCall()));
    return new LinearizabilityChecker().run(events);
  }

  private Optional<String> run(List<Event> events) {
    for (int i = 0; i < events.size(); i++) {
      Operation operation = events.get(i).operation();
      if (events.get(i).isCall()) {
        open[slot(null)] = operation;
      } else {
        int slot = slot(operation);
        Set<Configuration> before = configurations;
        configurations = returned(slot);
        open[slot] = null;
        if (configurations.isEmpty()) {
          return Optional.of(report(events, i, before));
        }
      }
    }
    return Optional.empty();
  }

  /** Returns where an operation is, or an equal one, or where there is room for one. */
  private int slot(@Nullable Operation operation) {
    for (int i = 0; i < MAX_OPEN; i++) {
      if (Objects.equals(open[i], operation)) {
        return i;
      }
    }
    throw new IllegalStateException("more than " + MAX_OPEN + " calls are open at once");
  }

  /** Returns the configurations in which the call in a slot has taken effect, without it. */
  private Set<Configuration> returned(int slot) {
    Set<Configuration> left = new HashSet<>();
    Set<Configuration> seen = new HashSet<>(configurations);
    Deque<Configuration> ahead = new ArrayDeque<>(configurations);
    while (!ahead.isEmpty()) {
      Configuration from = ahead.pop();
      if ((from.effective() & 1L << slot) != 0) {
        left.add(new Configuration(from.effective() & ~(1L << slot), from.value()));
        continue;
      }
      for (int i = 0; i < MAX_OPEN; i++) {
        Operation next = open[i];
        if (next != null && (from.effective() & 1L << i) == 0 && next.fits(from.value())) {
          Configuration to =
              new Configuration(from.effective() | 1L << i, next.after(from.value()));
          if (seen.add(to)) {
            ahead.push(to);
          }
        }
      }
    }
    return left;
  }

  private String report(List<Event> events, int at, Set<Configuration> before) {
    StringBuilder text = new StringBuilder("no order explains ");
    text.append(events.get(at).operation()).append("\npossible before: ").append(before);
    for (int i = Math.max(0, at - SHOWN); i <= at; i++) {
      text.append(events.get(i).isCall() ? "\n  call   " : "\n  return ");
      text.append(events.get(i).operation());
    }
    return text.toString();
  }
}
