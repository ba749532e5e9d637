package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.StoreVerifier;
import io.kvstore.VerifyReport;
import io.kvstore.codec.Codecs;
import io.kvstore.engine.Generations.Generation;
import io.kvstore.testing.DirectoryImage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.Reopening;
import io.kvstore.testing.Warnings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files of one time, copy or store laid over those of another: each file alone, and groups of them.
 * The directory is refused and stays as it is, or it opens as some store was at some time, goes on
 * from there, and no record in it is gone. {@code -Dkvstore.test.mixtures=all} tries all
 * combinations and not a sample; {@code -Dkvstore.test.seed} sets where the dice start.
 */
@Timeout(3600)
class MixtureTest {
  private static final String WANTED =
      System.getProperty("kvstore.test.mixtures", String.valueOf(LongForm.of(40, 1_000)));
  private static final long SEED = LongForm.seed("kvstore.test.seed");

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private Warnings warnings;
  private List<Generation> generations = List.of();
  private int opened;
  private int refused;

  @BeforeEach
  void collectWarnings() {
    warnings = Warnings.collect();
  }

  @AfterEach
  void stopCollecting() {
    warnings.close();
  }

  @ParameterizedTest
  @EnumSource
  void mixtureIsRefusedOrOpensAsSomeStoreOnceWas(Durability durability) throws IOException {
    generations = Generations.make(directory.resolve("made"), durability, SEED);
    Map<String, DirectoryImage> mixtures = mixtures();

    int tried = 0;
    for (Map.Entry<String, DirectoryImage> mixture : mixtures.entrySet()) {
      String what = "seed " + SEED + ", " + durability + ", mixture " + tried++ + ": ";
      check(durability, mixture.getValue(), what + mixture.getKey());
      check(
          durability, mixture.getValue().without("index"), what + mixture.getKey() + ", no index");
    }

    assertThat(opened).isPositive();
    assertThat(refused).isPositive();
  }

  // ---- what is mixed

  private Map<String, DirectoryImage> mixtures() {
    Map<String, DirectoryImage> all = new LinkedHashMap<>();
    for (Generation from : generations) {
      for (Generation to : generations) {
        if (!from.name().equals(to.name())) {
          all.putAll(mixtures(from, to));
        }
      }
    }
    if (WANTED.equals("all")) {
      return all;
    }
    List<String> keys = new ArrayList<>(all.keySet());
    while (keys.size() > Integer.parseInt(WANTED)) {
      all.remove(keys.remove(random.nextInt(keys.size())));
    }
    return all;
  }

  private Map<String, DirectoryImage> mixtures(Generation from, Generation to) {
    Set<String> names = new TreeSet<>(from.files().names());
    names.addAll(to.files().names());
    Map<String, DirectoryImage> mixtures = new LinkedHashMap<>();
    for (Map.Entry<String, Set<String>> group : groups(names).entrySet()) {
      DirectoryImage mixed = to.files().with(group.getValue(), from.files());
      mixtures.put(group.getKey() + " of " + from + " in " + to, mixed);
    }
    mixtures.put(from + " over " + to, to.files().overwrittenBy(from.files()));
    mixtures.values().removeIf(m -> m.isSame(from.files()) || m.isSame(to.files()));
    return mixtures;
  }

  /** Returns each file alone, and groups of files that somebody may copy. */
  private Map<String, Set<String>> groups(Set<String> names) {
    Map<String, Set<String>> groups = new LinkedHashMap<>();
    names.forEach(name -> groups.put(name, Set.of(name)));
    groups.put("all segments", matching(names, ".*\\.(segment|compacted)"));
    groups.put("the log", matching(names, ".*\\.segment"));
    groups.put("all that is compacted", matching(names, ".*\\.compacted"));
    groups.put("segments and list", matching(names, ".*\\.(segment|compacted)|segments"));
    groups.put("compacted and list", matching(names, ".*\\.compacted|segments"));
    groups.put("index and history", Set.of("index", "history"));
    groups.put("index and list", Set.of("index", "segments"));
    groups.put("the small files", matching(names, "[a-z]+"));
    Set<String> some = new TreeSet<>(names);
    some.removeIf(name -> random.nextBoolean());
    groups.put("some " + some, some);
    return groups;
  }

  private static Set<String> matching(Set<String> names, String pattern) {
    Set<String> found = new TreeSet<>(names);
    found.removeIf(name -> !name.matches(pattern));
    return found;
  }

  // ---- what becomes of it

  private void check(Durability durability, DirectoryImage mixed, String what) {
    Path path = directory.resolve("mixed");
    mixed.writeTo(path);
    try {
      VerifyReport report = verify(path);
      boolean canBeRead = canBeRead(path);
      assertThat(DirectoryImage.of(path).isSame(mixed)).as("nothing has changed yet").isTrue();

      boolean isOpen = checkOpening(durability, path, mixed);

      opened += isOpen ? 1 : 0;
      refused += isOpen ? 0 : 1;
      assertThat(report != null && report.isWhole()).as("verdict %s", report).isEqualTo(isOpen);
      assertThat(canBeRead).as("can be read").isEqualTo(isOpen || canBeRead);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what + ", files " + mixed.names(), e);
    }
  }

  private static @Nullable VerifyReport verify(Path path) {
    try {
      return StoreVerifier.verify(path, null);
    } catch (KvStoreException e) {
      return null;
    }
  }

  private boolean canBeRead(Path path) {
    try (KvStore<String, String> store =
        KvStore.builder(Codecs.string(), Codecs.string()).directory(path).readOnly().open()) {
      requireSomeState(store);
      return true;
    } catch (KvStoreException e) {
      return false;
    }
  }

  private boolean checkOpening(Durability durability, Path path, DirectoryImage mixed) {
    Map<String, String> entries = new HashMap<>();
    try (KvStore<String, String> store =
        StoreDoor.open(path, durability, FaultyStorage.withoutSyncs())) {
      entries.putAll(requireSomeState(store));
      store.put("after", "the mixture");
      store.sync();
      entries.put("after", "the mixture");
    } catch (KvStoreException e) {
      assertThat(DirectoryImage.of(path).isSame(mixed)).as("refused: " + e).isTrue();
      return false;
    }
    requireNothingGone(path, mixed);
    for (int i = 0; i < 2; i++) {
      try (KvStore<String, String> store =
          StoreDoor.open(path, durability, FaultyStorage.withoutSyncs())) {
        assertThat(Reopening.entriesOf(store)).isEqualTo(entries);
        assertThat(store.stats().cutBytes()).isZero();
        store.compact();
        assertThat(Reopening.entriesOf(store)).isEqualTo(entries);
      }
    }
    return true;
  }

  /** Makes sure that the entries are what some store had after as many changes. */
  private Map<String, String> requireSomeState(KvStore<String, String> store) {
    Map<String, String> found = Reopening.entriesOf(store);
    long changes = store.stats().sequence();
    boolean isState =
        generations.stream()
            .map(Generation::history)
            .distinct()
            .filter(history -> history.changes().size() >= changes)
            .anyMatch(history -> history.entriesAfter(changes).equals(found));
    assertThat(isState).as("%s entries after %s changes", found.size(), changes).isTrue();
    return found;
  }

  /**
   * Makes sure that each segment is there, perhaps with more in it, or under another name; unless
   * the store has written itself that it is of no use.
   */
  private static void requireNothingGone(Path path, DirectoryImage mixed) {
    DirectoryImage now = DirectoryImage.of(path);
    String list = text(mixed, "segments");
    String dropped = list.substring(Math.max(0, list.indexOf("dropped")));
    Set<Integer> tags = new TreeSet<>();
    Matcher branches = Pattern.compile("\\d+ ([0-9a-f]{16}) ").matcher(text(mixed, "history"));
    while (branches.find()) {
      tags.add((int) Long.parseUnsignedLong(branches.group(1), 16) | 1);
    }
    for (String name : mixed.names()) {
      byte[] bytes = Objects.requireNonNull(mixed.bytes(name));
      if (name.matches("\\d+\\.(segment|compacted)")
          && !isBlank(bytes)
          && now.bytes(name) == null
          && !now.hasBytes(bytes)) {
        long id = Long.parseLong(name.substring(0, name.indexOf('.')));
        boolean isOwnCompaction = name.endsWith(".compacted") && tags.contains(tag(bytes));
        assertThat(isOwnCompaction || dropped.contains(" " + id + ":"))
            .as(name + " is gone, of " + dropped)
            .isTrue();
      }
    }
  }

  private static String text(DirectoryImage mixed, String name) {
    byte[] bytes = mixed.bytes(name);
    return bytes == null ? "" : new String(bytes, StandardCharsets.US_ASCII);
  }

  /** Returns who has written a compacted segment, as its seal says; behind it may be zeros. */
  private static int tag(byte[] segment) {
    ByteBuffer bytes = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
    int at = segment.length - 4;
    while (bytes.getInt(at) == 0) {
      at -= 4;
    }
    return bytes.getInt(at);
  }

  private static boolean isBlank(byte[] segment) {
    for (int i = 32; i < segment.length; i++) {
      if (segment[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
