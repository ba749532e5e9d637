package io.kvstore.engine;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.LockedStoreException;
import io.kvstore.platform.Storage;
import io.kvstore.testing.Await;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.RecordedEvents;
import io.kvstore.testing.Shell;
import io.kvstore.testing.StoreImage;
import io.kvstore.testing.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A store whose directory is taken away while it is open stops writing and says why. */
@Timeout(600)
class LostDirectoryTest {
  private static final Storage NO_SYNCS = FaultyStorage.withoutSyncs();
  private static final int ENTRIES = 100;

  @TempDir Path temporary;

  private Path directory = Path.of("");
  private Path old = Path.of("");
  private @Nullable OtherProcess other;
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

  /** What may become of a directory. */
  enum Fate {
    RENAMED,
    MADE_ANEW,
    ANOTHER_STORE,
    COPY,
    LINKED_COPY,
    FILE,
    REMOVED,
    REMOVED_AND_MADE_ANEW,
    LOCK_AND_OWNER_DELETED,
    TAKEN_OVER,
    SEGMENT_DELETED,
    SEGMENT_REPLACED,
    LIST_DELETED,
    MANIFEST_REPLACED;

    boolean isRenamed() {
      return Set.of(RENAMED, MADE_ANEW, ANOTHER_STORE, COPY, LINKED_COPY, FILE).contains(this);
    }

    /** Tells whether another directory is at the path, or another process in it. */
    boolean isOfDirectory() {
      return isRenamed() || name().startsWith("REMOVED") || compareTo(TAKEN_OVER) <= 0;
    }

    boolean leavesPath() {
      return this != RENAMED && this != FILE && this != REMOVED;
    }
  }

  static Stream<Arguments> everyFate() {
    return Stream.of(Fate.values())
        .flatMap(fate -> Stream.of(Durability.values()).map(each -> Arguments.of(each, fate)));
  }

  static Stream<Arguments> everyFateOfTheDirectory() {
    return everyFate().filter(each -> ((Fate) each.get()[1]).isOfDirectory());
  }

  @AfterEach
  void endOther() {
    if (other != null) {
      other.close();
    }
  }

  @ParameterizedTest
  @MethodSource("everyFate")
  void writesAreRefusedSoonAndReadsGoOn(Durability durability, Fate fate) throws IOException {
    RecordedEvents events = new RecordedEvents();
    KvStore<String, String> store = opened(durability, events);
    befall(fate);
    Map<String, String> there = contents(fate);

    KvStoreException refused = putUntilRefused(store);

    assertThat(refused).hasMessageContaining(directory + " is not this store's any more");
    assertRefused(store);
    assertThat(entriesOf(store)).containsAllEntriesOf(acknowledged);
    assertThatThrownBy(store::close)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(directory.toString());
    assertThat(events.of("onWriteFailure")).hasSize(1);
    assertThat(contents(fate)).isEqualTo(there);
    assertReopens(durability, fate);
  }

  @ParameterizedTest
  @MethodSource("everyFate")
  void nextSyncFails(Durability durability, Fate fate) throws IOException {
    KvStore<String, String> store = opened(durability, new RecordedEvents());
    befall(fate);
    Map<String, String> there = contents(fate);

    assertThatThrownBy(store::sync)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(directory + " is not this store's any more");
    assertRefused(store);

    assertThatThrownBy(store::close).isInstanceOf(KvStoreException.class);
    assertThat(contents(fate)).isEqualTo(there);
    assertReopens(durability, fate);
  }

  @ParameterizedTest
  @MethodSource("everyFate")
  void closeFailsAndLeavesNothing(Durability durability, Fate fate) throws IOException {
    KvStore<String, String> store = opened(durability, new RecordedEvents());
    befall(fate);
    Map<String, String> there = contents(fate);

    assertThatThrownBy(store::close)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(directory + " is not this store's any more");

    assertThat(contents(fate)).isEqualTo(there);
    assertReopens(durability, fate);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_NONE,
      names = {"LINKED_COPY", "SEGMENT.*", "LIST.*", "MANIFEST.*"})
  void firstSyncedPutFails(Fate fate) throws IOException {
    KvStore<String, String> store = opened(Durability.SYNC, new RecordedEvents());
    befall(fate);

    assertThatThrownBy(() -> store.put("late", "1"))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(directory + " is not this store's any more");

    assertThat(store.get("late")).isNull();
    assertThatThrownBy(store::close).isInstanceOf(KvStoreException.class);
    assertReopens(Durability.SYNC, fate);
  }

  @ParameterizedTest
  @MethodSource("everyFateOfTheDirectory")
  void checkpointCompactionAndSweepLeaveNothing(Durability durability, Fate fate)
      throws IOException {
    KvStore<String, String> store = opened(durability, new RecordedEvents());
    for (int i = 0; i < ENTRIES; i++) {
      put(store, "before" + i);
    }
    befall(fate);
    Map<String, String> there = contents(fate);

    StoreDoor.checkpoint(store);
    assertThatThrownBy(store::compact)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(directory.toString());
    assertThatThrownBy(store::close).isInstanceOf(KvStoreException.class);

    assertThat(contents(fate)).isEqualTo(there);
    assertReopens(durability, fate);
  }

  @ParameterizedTest
  @EnumSource
  void nothingLandsElsewhereWhileManyWrite(Durability durability) throws Exception {
    for (int round = 0; round < 10; round++) {
      acknowledged.clear();
      KvStore<String, String> store = opened(durability, new RecordedEvents());
      try (Threads threads = new Threads()) {
        for (int t = 0; t < 4; t++) {
          String name = "thread" + t;
          threads.run(() -> putUntilRefused(store, name));
        }
        long enough = store.stats().sequence() + 2000;
        Await.that(() -> store.stats().sequence() > enough);
        befall(Fate.MADE_ANEW);
        threads.join();
      }

      assertThat(catchThrowable(store::close)).isInstanceOf(KvStoreException.class);
      assertThat(directory).isEmptyDirectory();
      assertReopens(durability, Fate.MADE_ANEW);
    }
  }

  @Test
  void renamedDirectoryIsStillTheStoresUntilItIsClosed() throws IOException {
    KvStore<String, String> store = opened(Durability.PROCESS, new RecordedEvents());
    befall(Fate.RENAMED);

    assertThatThrownBy(() -> open(old, Durability.PROCESS))
        .isInstanceOf(LockedStoreException.class)
        .hasMessageContaining("this process");
    Files.readAllBytes(old.resolve("lock"));
    try (OtherProcess second = OtherProcess.start(old)) {
      assertThat(second.answer()).contains("is in use by process");
    }

    assertThatThrownBy(store::close).isInstanceOf(KvStoreException.class);
    try (OtherProcess second = OtherProcess.start(old)) {
      assertThat(second.hasOpened()).isTrue();
    }
  }

  @Test
  void directoryThatMovedAndIsLinkedIsTheSame() throws IOException {
    try (KvStore<String, String> store = opened(Durability.SYNC, new RecordedEvents())) {
      befall(Fate.RENAMED);
      Files.createSymbolicLink(directory, old);

      for (int i = 0; i < ENTRIES; i++) {
        put(store, "after" + i);
      }
      store.compact();
    }
    assertReopens(Durability.SYNC, Fate.RENAMED);
  }

  @ParameterizedTest
  @EnumSource(names = {"MADE_ANEW", "COPY", "REMOVED_AND_MADE_ANEW"})
  void newDirectoryIsNobodysYet(Fate fate) throws IOException {
    KvStore<String, String> store = opened(Durability.PROCESS, new RecordedEvents());
    befall(fate);

    try (KvStore<String, String> second = open(directory, Durability.PROCESS)) {
      second.put("mine", "1");
      putUntilRefused(store);
      assertThat(second.get("mine")).isEqualTo("1");
      assertThatThrownBy(store::close).isInstanceOf(KvStoreException.class);
      second.put("mine", "2");
      second.sync();
    }
    try (KvStore<String, String> second = open(directory, Durability.PROCESS)) {
      assertThat(second.get("mine")).isEqualTo("2");
    }
  }

  @Test
  void backupOfWhichTheDirectoryIsReplacedFails() throws IOException {
    Path backup = temporary.resolve("backup");
    FaultyStorage storage = FaultyStorage.create();
    directory = temporary.resolve("data");
    try (KvStore<String, String> store = StoreDoor.open(directory, Durability.PROCESS, storage)) {
      store.put("a", "1");
      store.sync();
      storage.hold(FaultyStorage.Operation.SYNC_FILE);
      var running = store.backupAsync(backup);
      storage.awaitHeld();
      Files.move(backup, temporary.resolve("moved"));
      Files.createDirectory(backup);
      storage.release();

      assertThat(catchThrowable(running::join))
          .hasRootCauseMessage(
              backup + " is not this store's any more: it was renamed, removed or replaced");
      assertThat(backup).isEmptyDirectory();
      store.put("a", "2");
    }
  }

  // ---- what happens

  private KvStore<String, String> opened(Durability durability, RecordedEvents events) {
    int n = 0;
    while (Files.exists(temporary.resolve("data" + n))) {
      n++;
    }
    directory = temporary.resolve("data" + n);
    old = temporary.resolve("old" + n);
    KvStore<String, String> store =
        StoreDoor.open(directory, durability, NO_SYNCS, events.listener());
    for (int i = 0; i < 2 * ENTRIES; i++) {
      put(store, "before" + i % ENTRIES);
    }
    store.compact();
    store.sync();
    return store;
  }

  private void befall(Fate fate) throws IOException {
    String path = directory.toString();
    switch (fate) {
      case RENAMED -> Files.move(directory, old);
      case MADE_ANEW -> {
        Files.move(directory, old);
        Files.createDirectory(directory);
      }
      case ANOTHER_STORE -> {
        Path third = temporary.resolve("third");
        try (KvStore<String, String> store = open(third, Durability.PROCESS)) {
          store.put("theirs", "1");
        }
        Files.move(directory, old);
        Files.move(third, directory);
      }
      case COPY, LINKED_COPY -> {
        String options = fate == Fate.COPY ? "-a" : "-al";
        // Files come and go meanwhile.
        Await.that(
            () ->
                Shell.succeeds("rm", "-rf", path + ".copy")
                    && Shell.succeeds("cp", options, path, path + ".copy"));
        Files.move(directory, old);
        Files.move(Path.of(path + ".copy"), directory);
      }
      case FILE -> {
        Files.move(directory, old);
        Files.writeString(directory, "a file");
      }
      case REMOVED -> remove();
      case REMOVED_AND_MADE_ANEW -> {
        remove();
        Files.createDirectory(directory);
      }
      case LOCK_AND_OWNER_DELETED -> {
        Files.delete(directory.resolve("lock"));
        Files.delete(directory.resolve("owner"));
      }
      case TAKEN_OVER -> {
        Files.delete(directory.resolve("lock"));
        Files.delete(directory.resolve("owner"));
        OtherProcess process = OtherProcess.start(directory);
        other = process;
        assertThat(process.hasOpened()).isTrue();
      }
      case SEGMENT_DELETED -> Files.delete(activeSegment());
      case SEGMENT_REPLACED -> replace(activeSegment());
      case LIST_DELETED -> Files.delete(directory.resolve("segments"));
      case MANIFEST_REPLACED -> replace(directory.resolve("manifest"));
    }
  }

  /** The last one that has anything in it: behind it there may be one that was never used. */
  private Path activeSegment() {
    StoreImage image = StoreImage.of(directory);
    List<String> used = new ArrayList<>();
    for (String name : image.segments()) {
      byte[] bytes = image.bytes(name);
      if (!Arrays.equals(bytes, 32, bytes.length, new byte[bytes.length], 32, bytes.length)) {
        used.add(name);
      }
    }
    return directory.resolve(used.get(used.size() - 1));
  }

  private static void replace(Path file) throws IOException {
    Path copy = file.resolveSibling("copy of a file");
    Files.copy(file, copy);
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private void remove() {
    Await.that(() -> Shell.succeeds("rm", "-rf", directory.toString()));
  }

  private KvStoreException putUntilRefused(KvStore<String, String> store) {
    return putUntilRefused(store, "after");
  }

  private KvStoreException putUntilRefused(KvStore<String, String> store, String name) {
    List<KvStoreException> refused = new ArrayList<>();
    int[] n = {0};
    Await.that(
        () -> {
          try {
            do {
              put(store, name + n[0]);
            } while (++n[0] % ENTRIES != 0);
          } catch (KvStoreException e) {
            refused.add(e);
          }
          return !refused.isEmpty();
        });
    return refused.get(0);
  }

  private void put(KvStore<String, String> store, String key) {
    store.put(key, "value of " + key);
    acknowledged.put(key, "value of " + key);
  }

  // ---- what must hold

  private void assertRefused(KvStore<String, String> store) {
    assertThatThrownBy(() -> store.put("late", "1"))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("takes no more writes until it is opened anew")
        .hasMessageContaining(directory + " is not this store's any more");
    assertThatThrownBy(store::sync)
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining(directory.toString());
  }

  /** What is in the path now and must stay as it is: names, and sizes unless they are shared. */
  private Map<String, String> contents(Fate fate) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    boolean isReplaced = fate.isRenamed() || fate.name().startsWith("REMOVED");
    if (isReplaced && fate.leavesPath()) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          String bytes =
              fate == Fate.LINKED_COPY
                  ? ""
                  : Files.getLastModifiedTime(file) + " " + Files.size(file);
          contents.put(file.getFileName().toString(), bytes);
        }
      }
    } else if (isReplaced && Files.exists(directory)) {
      contents.put("", Files.readString(directory));
    }
    return contents;
  }

  /** The directory that was taken away has all that was acknowledged. */
  private void assertReopens(Durability durability, Fate fate) throws IOException {
    if (fate.isRenamed()) {
      try (KvStore<String, String> store = open(old, durability)) {
        assertThat(entriesOf(store)).containsAllEntriesOf(acknowledged);
      }
      assertThat(old.resolve("owner")).doesNotExist();
    } else if (fate == Fate.LOCK_AND_OWNER_DELETED) {
      try (KvStore<String, String> store = open(directory, durability)) {
        assertThat(entriesOf(store)).containsAllEntriesOf(acknowledged);
      }
    }
  }

  private static KvStore<String, String> open(Path directory, Durability durability) {
    return StoreDoor.open(directory, durability, NO_SYNCS);
  }
}
