package io.kvstore.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The set of all cases: each script, kind of store, thread with its steps, and error. */
final class StepCases {
  /** The scripts, and the kinds of store in which they take other steps. */
  private static final Map<String, Set<Mode>> SCRIPTS =
      Map.of(
          "NewScript", EnumSet.of(Mode.IN_MEMORY, Mode.PROCESS, Mode.SYNC),
          "WritesScript", EnumSet.allOf(Mode.class),
          "TypedScript", EnumSet.of(Mode.PROCESS, Mode.SYNC),
          "UpkeepScript", EnumSet.allOf(Mode.class),
          "LimitScript", EnumSet.of(Mode.IN_MEMORY, Mode.PROCESS, Mode.SYNC),
          "ReadingScript", EnumSet.of(Mode.PROCESS));

  private final long seed;
  private final List<Step> steps;
  private final List<StepCase> all = new ArrayList<>();

  /**
   * Finds the cases, by a run of each script in which nothing fails.
   *
   * @param seed chooses the later occurrences
   */
  StepCases(SteppedStore store, long seed) {
    this.seed = seed;
    this.steps = store.steps();
    SCRIPTS.forEach(
        (script, modes) ->
            modes.forEach(
                mode ->
                    store
                        .count(script, mode)
                        .forEach((work, counts) -> add(script, mode, work, counts))));
  }

  private void add(String script, Mode mode, String work, AtomicIntegerArray counts) {
    for (int i = 0; i < counts.length(); i++) {
      Step step = steps.get(i);
      int times = counts.get(i);
      for (Injected error : times == 0 ? new Injected[0] : Injected.values()) {
        if (error == Injected.NO_MEMORY_FOR_A_WHILE && step.what() == Step.Kind.ENTRY) {
          continue; // no memory is asked for there
        }
        StepCase first = new StepCase(script, mode, new Fault(work, i, 1, error), step);
        all.add(first);
        if (times > 1) {
          int later = 2 + new Random(rank(first)).nextInt(times - 1);
          all.add(new StepCase(script, mode, new Fault(work, i, later, error), step));
        }
      }
    }
  }

  /** Returns all, in an order that the seed gives, whatever other cases there are. */
  List<StepCase> shuffled() {
    return all.stream().sorted(Comparator.comparingLong(this::rank)).toList();
  }

  private long rank(StepCase one) {
    return new Random(seed * 31 + one.toString().hashCode()).nextLong();
  }
}
