package io.kvstore.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.codec.Codecs;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.QuickDirectories;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rounds of kills: a process writes from several threads at its disk limit, is killed, and the next
 * one continues. Everything that was acknowledged is there, or something later, and nothing else;
 * batches are whole, and the store opens.
 *
 * <p>{@code -Dkill.operations=1000000 -Dkill.rounds=20} sets the minimum of each for each
 * durability; {@code -Dkill.millis} is the maximum lifetime of a process, {@code -Dkill.seed}
 * repeats the operations of the threads, though not the time of the kills, and {@code
 * -Dkill.directory} sets the directory, if not in memory.
 */
class KillRoundsTest {
  private static final long OPERATIONS = Long.getLong("kill.operations", 1);
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 2);
  private static final int MILLIS = Integer.getInteger("kill.millis", 600);
  private static final long SEED = LongForm.seed("kill.seed");
  private static final int MIN_MILLIS = 50;
  private static final int MAX_TOLD = 20;

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  private final Random random = new Random(SEED);
  private final List<String> problems = new ArrayList<>();
  private Map<String, Entry<String, String>> entries = new HashMap<>();
  private long acknowledged;
  private long full;
  private long lost;
  private int refusedStores;
  private int failedProcesses;

  @ParameterizedTest
  @EnumSource
  void killedProcessLosesNothing(Durability durability) throws Exception {
    String place = System.getProperty("kill.directory");
    Path root = place == null ? directory : Files.createTempDirectory(Path.of(place), "kill");
    int rounds = 0;
    while (rounds < ROUNDS || acknowledged < OPERATIONS) {
      round(root, durability, new Script(SEED, rounds++));
    }
    System.out.printf(
        "kill rounds, %s, seed %d: %d rounds, %,d calls acknowledged, of which %,d found no room; "
            + "%d keys lost, %d stores refused, %d processes failed%n",
        durability, SEED, rounds, acknowledged, full, lost, refusedStores, failedProcesses);
    assertThat(problems).isEmpty();
  }

  private void round(Path root, Durability durability, Script script) throws Exception {
    Path store = root.resolve("store");
    KilledProcess process = KilledProcess.start(store, root, durability, script);
    if (random.nextInt(10) > 0) {
      process.awaitOpened();
    } // else it may die while it opens the store
    String complaint = process.killAfter(MIN_MILLIS + random.nextInt(MILLIS));
    if (!complaint.isEmpty()) {
      failedProcesses++;
      problem(script, "the process has failed: " + complaint);
    }
    Round round = new Round();
    for (int i = 0; i < KilledProcess.THREADS; i++) {
      round.add(script, i, Acknowledgements.read(root, i));
    }
    acknowledged += round.acknowledged();
    full += round.refused();
    if (Files.exists(store)) {
      check(store, durability, script, round);
    }
  }

  private void check(Path store, Durability durability, Script script, Round round)
      throws IOException {
    Map<String, Entry<String, String>> found;
    try {
      boolean isWhole = !Files.exists(store.resolve("manifest")) || readsTheSame(store, round);
      try (KvStore<String, String> opened = KilledProcess.open(store, durability)) {
        found = LeftStore.entries(opened);
        if (!isWhole || opened.stats().sequence() < round.lastVersion()) {
          problem(script, "less than version " + round.lastVersion());
        }
      }
    } catch (KvStoreException e) {
      refusedStores++;
      problem(script, "refused: " + e.getMessage());
      StoreFiles.delete(store);
      entries = new HashMap<>();
      return;
    }
    LeftStore left = new LeftStore(entries, found, round);
    Set<String> keys = new HashSet<>(entries.keySet());
    keys.addAll(found.keySet());
    keys.addAll(round.keys());
    left.check(keys);
    lost += left.lost();
    left.problems().forEach(each -> problem(script, each));
    entries = found;
  }

  /** Opens the store as a reader beside the process would, who gets as far. */
  private static boolean readsTheSame(Path store, Round round) {
    try (KvStore<String, String> read =
        KvStore.builder(Codecs.string(), Codecs.string()).directory(store).readOnly().open()) {
      return read.stats().sequence() >= round.lastVersion();
    }
  }

  private void problem(Script script, String what) {
    if (problems.size() < MAX_TOLD) {
      problems.add("round " + script.round() + ", " + what);
    }
  }
}
