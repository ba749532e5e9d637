package io.kvstore.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.kill.Acknowledgements.Outcome;
import io.kvstore.kill.Script.Change;
import io.kvstore.kill.Script.Kind;
import io.kvstore.kill.Script.Step;
import io.kvstore.testing.QuickDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of the checker of the kill rounds: it detects each violation, simulated on a correct store.
 */
class LeftStoreTest {
  private static final int STEPS = 3_000;

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  private final Script script = new Script(1, 0);
  private final Map<String, Entry<String, String>> found = new HashMap<>();

  /** What was under each key before, whatever had come of it. */
  private final Map<String, List<Entry<String, String>>> earlier = new HashMap<>();

  private Round round;

  @BeforeEach
  void followTheScript() throws IOException {
    Acknowledgements answers = Acknowledgements.create(directory, 0);
    try (KvStore<String, String> store =
        KvStore.builder(Codecs.string(), Codecs.string()).maxDiskBytes(1 << 20).open()) {
      for (int n = 0; n < STEPS; n++) {
        Step step = script.step(0, n);
        answers.add(KilledProcess.answered(store, step));
        for (Change change : step.changes()) {
          Entry<String, String> entry = store.entry(change.key());
          if (entry != null) {
            earlier.computeIfAbsent(change.key(), k -> new ArrayList<>()).add(entry);
          }
        }
      }
      found.putAll(LeftStore.entries(store));
    }
    round = new Round();
    round.add(script, 0, Acknowledgements.read(directory, 0));
  }

  @Test
  void storeThatLosesNothingIsFine() {
    assertThat(round.acknowledged()).isEqualTo(STEPS);
    assertThat(round.refused()).isPositive();
    assertThat(problems(found)).isEmpty();
  }

  @Test
  void entryThatIsMissingIsFound() {
    for (String key : found.keySet()) {
      if (round.last(key).stream().noneMatch(last -> last.mayLeaveNothing(Long.MAX_VALUE))) {
        Map<String, Entry<String, String>> left = new HashMap<>(found);
        left.remove(key);
        assertThat(problems(left)).anyMatch(problem -> problem.startsWith(key + ": nothing"));
      }
    }
  }

  @Test
  void earlierEntryIsFound() {
    earlier.forEach(
        (key, entries) -> {
          Entry<String, String> last = found.get(key);
          for (int i = 0; i < entries.size(); i += 10) {
            Entry<String, String> entry = entries.get(i);
            if (last == null || entry.version() < last.version()) {
              Map<String, Entry<String, String>> left = new HashMap<>(found);
              left.put(key, entry);
              boolean isSame = last != null && last.value().equals(entry.value());
              assertThat(problems(left).isEmpty()).as(key).isEqualTo(isSame);
            }
          }
        });
  }

  @Test
  void valueThatWasRefusedIsFound() {
    Step refused = step((step, outcome) -> outcome == Outcome.REFUSED && step.kind() == Kind.PUT);
    Change change = refused.changes().get(0);
    Map<String, Entry<String, String>> left = new HashMap<>(found);
    left.put(change.key(), new Entry<>(change.key(), change.value().text(), 1L << 40, null, null));

    assertThat(problems(left)).anyMatch(problem -> problem.contains("was refused, and is there"));
  }

  @Test
  void halfABatchOnTopIsFound() throws IOException {
    Script next = new Script(2, 1);
    for (int n = 0; n < STEPS; n++) {
      Step step = next.step(0, n);
      List<Change> puts =
          step.changes().stream().filter(c -> !c.isDelete() && c.ttl() == null).toList();
      Set<String> keys = puts.stream().map(Change::key).collect(Collectors.toSet());
      if (step.kind() == Kind.BATCH && step.changes().size() == 2 && keys.size() == 2) {
        assertHalfIsFound(next, n, puts);
        return;
      }
    }
    throw new AssertionError("no such batch");
  }

  /** Has a batch under way when the process dies, of which one put is there. */
  private void assertHalfIsFound(Script next, int n, List<Change> puts) throws IOException {
    Acknowledgements answers = Acknowledgements.create(directory, 1);
    for (int i = 0; i < n; i++) {
      answers.add(new Acknowledgements.Answer(Outcome.NOT_APPLIED, 1, 2, 0));
    }
    Round round = new Round();
    round.add(next, 0, answers);
    Change half = puts.get(0);
    Map<String, Entry<String, String>> left = new HashMap<>();
    left.put(half.key(), new Entry<>(half.key(), half.value().text(), 1L << 40, null, null));
    LeftStore checked = new LeftStore(Map.of(), left, round);
    checked.check(round.keys());

    assertThat(checked.problems())
        .anyMatch(problem -> problem.startsWith(puts.get(1).key() + ": not what belongs to"));
  }

  private Step step(BiPredicate<Step, Outcome> wanted) {
    for (int n = 0; n < STEPS; n++) {
      Step step = script.step(0, n);
      if (wanted.test(step, round.outcome(new Script.Name(0, 0, n)))) {
        return step;
      }
    }
    throw new AssertionError("no such step");
  }

  private List<String> problems(Map<String, Entry<String, String>> left) {
    LeftStore checked = new LeftStore(Map.of(), left, round);
    Set<String> keys = new HashSet<>(round.keys());
    keys.addAll(left.keySet());
    checked.check(keys);
    return checked.problems();
  }
}
