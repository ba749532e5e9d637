package io.kvstore.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.testing.Warnings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Error injection: an error at each step of each thread, callers' and the store's, one at a time.
 * Afterwards nothing hangs, the store goes on or rejects writes, it closes, its directory opens
 * again, and it has everything that was acknowledged, batches whole, and nothing that was never
 * written.
 *
 * <p>The gate runs a sample of the cases; {@code -Dkvstore.test.long=true} runs all, which takes
 * some hours, and {@code -Dkvstore.test.errors.cases=N} runs N. {@code
 * -Dkvstore.test.errors.only=REGEX} runs those whose description has a match, such as a class and
 * method, a thread or a kind of store; the message of a failure says how to repeat its case.
 */
class ErrorsAtEveryStepTest {
  private static final boolean LONG = Boolean.getBoolean("kvstore.test.long");
  private static final String ONLY = System.getProperty("kvstore.test.errors.only", "");
  private static final long SEED = Long.getLong("kvstore.test.seed", 1);
  private static final int CASES =
      Integer.getInteger("kvstore.test.errors.cases", LONG ? Integer.MAX_VALUE : 140);

  /** What threads do whose steps are among the cases, for sure. */
  private static final List<String> THREADS =
      List.of(
          FaultPoints.CALLER,
          "open",
          "recover",
          "segments",
          "commit",
          "sync",
          "compact",
          "events",
          "watch",
          "schemas",
          "close");

  /** Cases that have lost something before, and are among those that are run. */
  private static final Pattern FAILED_BEFORE =
      Pattern.compile(
          "UpkeepScript SYNC compact segment\\.SegmentList\\.toBytes.*String\\.getBytes.* NO_MEMORY"
              + "|TypedScript PROCESS compact segment\\.Segment\\.id.* NO_MEMORY"
              + "|UpkeepScript IN_MEMORY caller stripe\\.StripeState\\.apply:.* ENTRY #6 PLAIN"
              + "|NewScript SYNC close ownership\\.Claim\\.end:.* ENTRY #1 OUT_OF_MEMORY"
              + "|WritesScript IN_MEMORY compact compaction\\.Relocations\\.done:.* BitSet\\.set #1 OUT\\w*"
              + "|NewScript SYNC open platform\\.StoreThread\\.runParallel:.* PLAIN"
              + "|NewScript PROCESS open log\\.MappedWriter\\.start:.* #1 NO_MEMORY"
              + "|WritesScript PROCESS close maintenance\\.TaskQueue\\.close:.*notifyAll #1 OUT\\w*"
              + "|UpkeepScript INTERVAL close engine\\.Closing\\.call:.* ENTRY #1 OUT\\w*"
              + "|WritesScript SYNC caller segment\\.Segment\\.advance:.* ENTRY #1 OUT\\w*"
              + "|NewScript SYNC commit log\\.Log\\.segments:.* ENTRY #\\d+ PLAIN"
              + "|LimitScript SYNC commit log\\.CommitGroup\\.done:.* ENTRY #1 OUT\\w*"
              + "|LimitScript PROCESS caller index\\.SlotTable\\.point:.* ENTRY #1 OUT\\w*"
              + "|TypedScript SYNC caller platform\\.StoreThread\\.await:.* ENTRY #1 OUT\\w*"
              + "|SYNC commit ownership\\.Stamp\\.of.* NO_MEMORY");

  /** So many different failures are enough. */
  private static final int MAX_FAILURES = 10;

  /** As few cases reach their step if what the store does depends on the time they take. */
  private static final double LEAST_REACHED = 0.8;

  @TempDir Path directory;

  private Warnings quiet;

  @BeforeEach
  void beQuiet() {
    quiet = Warnings.collect();
  }

  @AfterEach
  void endQuiet() {
    quiet.close();
  }

  @Test
  void nothingIsLostAndNothingHangsWhateverStepFails() {
    Map<String, String> failures = new LinkedHashMap<>();
    int reached = 0;
    List<StepCase> cases;
    try (SteppedStore store =
        new SteppedStore(directory, TimeUnit.SECONDS.toNanos(Limits.HANG_SECONDS))) {
      List<StepCase> all = new StepCases(store, SEED).shuffled();
      assertThat(all.stream().map(one -> one.fault().thread()).distinct()).containsAll(THREADS);
      cases = chosen(all);
      for (StepCase one : cases) {
        Outcome outcome = store.run(one);
        reached += outcome.thrown() == null ? 0 : 1;
        if (!outcome.isGood()) {
          failures.putIfAbsent(
              outcome.failure().replaceAll("[0-9]+", "N"), described(one, outcome));
          if (failures.size() == MAX_FAILURES) {
            break;
          }
        }
      }
    }

    assertThat(failures.values()).as("failures, with seed %s", SEED).isEmpty();
    assertThat(cases).isNotEmpty();
    assertThat(reached).isGreaterThanOrEqualTo((int) (LEAST_REACHED * cases.size()));
  }

  private static List<StepCase> chosen(List<StepCase> all) {
    if (!ONLY.isEmpty()) {
      Pattern pattern = Pattern.compile(ONLY);
      return all.stream().filter(one -> pattern.matcher(one.toString()).find()).toList();
    }
    int count = Math.min(CASES, all.size());
    List<StepCase> chosen = new ArrayList<>(all.subList(0, count));
    all.subList(count, all.size()).stream()
        .filter(one -> FAILED_BEFORE.matcher(one.toString()).find())
        .forEach(chosen::add);
    return chosen;
  }

  private static String described(StepCase one, Outcome outcome) {
    return outcome.failure()
        + "\n  in: "
        + one
        + "\n  to repeat it: -Dkvstore.test.errors.only='"
        + Pattern.quote(one.toString())
        + "'"
        + outcome.details().indent(2);
  }
}
