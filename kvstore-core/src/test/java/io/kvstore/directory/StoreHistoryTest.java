package io.kvstore.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.StoreVerifier;
import io.kvstore.codec.Codecs;
import io.kvstore.directory.Branch.Cause;
import io.kvstore.engine.OpenStore;
import io.kvstore.engine.StoreDoor;
import io.kvstore.engine.StripedKvStore;
import io.kvstore.platform.Storage;
import io.kvstore.testing.DirectoryImage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.StoreFiles;
import io.kvstore.testing.Warnings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The branches of a store's history; the history never prevents an opening. */
class StoreHistoryTest {
  private static final Storage NO_SYNCS = FaultyStorage.withoutSyncs();

  @TempDir Path directory;

  // ---- branches

  @ParameterizedTest
  @EnumSource
  void eachOpeningThatWritesHasABranch(Durability durability) throws IOException {
    long first = 0;
    for (int opening = 0; opening < 3; opening++) {
      try (KvStore<String, String> store = open("store", durability)) {
        first = opening == 0 ? parts(store).historyId(1) : first;
        store.put("key" + opening, "value");
        assertThat(store.historyId(1)).isEqualTo(first);
        assertThat(parts(store).historyId()).isEqualTo(first);
        assertThat(parts(store).historyId(opening + 1)).isEqualTo(last("store").id());
      }
      open("store", durability).close();
      KvStore<String, String> reader = readOnly("store");
      assertThat(parts(reader).historyId(opening + 1)).isEqualTo(last("store").id());
      reader.close();
    }
    HistoryFile file = read("store");
    assertThat(file.closed()).isEqualTo(3);
    assertThat(file.branches()).extracting(Branch::from).containsExactly(0L, 1L, 2L);
    assertThat(file.branches())
        .extracting(Branch::cause)
        .containsExactly(Cause.CREATED, Cause.OPENED, Cause.OPENED);
    assertThat(file.branches()).extracting(Branch::id).doesNotHaveDuplicates();
  }

  @Test
  void openingThatWritesNothingLeavesTheFileAsItIs() throws IOException {
    open("store", Durability.SYNC).close();
    assertThat(path("store").resolve("history")).doesNotExist();
    put("store", "one");
    DirectoryImage before = DirectoryImage.of(path("store"));

    open("store", Durability.SYNC).close();
    readOnly("store").close();

    assertThat(DirectoryImage.of(path("store")).bytes("history"))
        .isEqualTo(before.bytes("history"));
  }

  @Test
  void branchIsThereBeforeTheFirstWrite() throws IOException {
    put("store", "one");
    FailingWrites failing = new FailingWrites();
    try (KvStore<String, String> store = StoreDoor.open(path("store"), Durability.SYNC, failing)) {
      failing.isOn = true;
      assertThatThrownBy(() -> store.put("two", "value")).isInstanceOf(KvStoreException.class);
      assertThat(last("store").from()).isEqualTo(1);
      assertThat(read("store").closed()).isEqualTo(HistoryFile.OPEN);
    } catch (KvStoreException e) {
      assertThat(e).hasMessageContaining("No space"); // closing says it once more
    }
  }

  @Test
  void versionsOfACopyThatGoesItsOwnWayAreOthers() throws IOException {
    put("store", "shared");
    StoreFiles.copy(path("store"), path("copy"));
    put("store", "own");
    put("copy", "own");

    try (KvStore<String, String> store = open("store", Durability.PROCESS);
        KvStore<String, String> copy = open("copy", Durability.PROCESS)) {
      assertThat(parts(copy).historyId(1)).isEqualTo(parts(store).historyId(1));
      assertThat(parts(copy).historyId(2)).isNotEqualTo(parts(store).historyId(2));
      assertThat(parts(copy).historyId()).isNotEqualTo(parts(store).historyId());
    }
    assertThat(causes("copy")).containsExactly(Cause.CREATED, Cause.COPIED);
    assertThat(causes("store")).containsExactly(Cause.CREATED, Cause.OPENED);
  }

  @Test
  void versionsThatAreGivenOnceMoreAreOthers() throws IOException {
    put("store", "one");
    DirectoryImage older = DirectoryImage.of(path("store"));
    put("store", "two");
    Branch lost = last("store");
    older.writeOver(path("store"));
    put("store", "two again");
    Branch again = last("store");
    assertThat(again.from()).isEqualTo(lost.from());
    assertThat(again.id()).isNotEqualTo(lost.id());

    older.without("history").without("index").writeOver(path("store"));
    put("store", "and again");

    assertThat(last("store").cause()).isEqualTo(Cause.MIXED);
    assertThat(Set.of(lost.id(), again.id())).doesNotContain(last("store").id());
    assertThat(causes("store")).containsExactly(Cause.CREATED, Cause.COPIED, Cause.MIXED);
  }

  @Test
  void whatACrashTakesIsAnotherBranch() throws IOException {
    try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
      for (int i = 0; i < 10; i++) {
        store.put("key" + i, "value");
      }
      StoreFiles.copy(path("store"), path("crashed"));
    }
    Path tail = path("crashed").resolve("0000000001.segment");
    byte[] bytes = Files.readAllBytes(tail);
    bytes[32 + 32 * 7 + 21] ^= 1;
    Files.write(tail, bytes);
    ownInode("crashed");

    put("crashed", "value");

    assertThat(last("crashed")).extracting(Branch::from, Branch::cause).contains(7L, Cause.CUT);
  }

  /** Makes the file one that was written here. */
  private void ownInode(String name) throws IOException {
    read(name).write(path(name), Storage.FILES);
  }

  @Test
  void changesThatNoHistoryKnowsOfAreAnotherBranch() throws IOException {
    put("store", "one");
    byte[] before = Files.readAllBytes(path("store").resolve("history"));
    put("store", "two");
    Branch unknown = last("store");
    Files.write(path("store").resolve("history"), before);

    put("store", "three");

    assertThat(read("store").branches()).extracting(Branch::from).containsExactly(0L, 1L, 2L);
    assertThat(read("store").branches()).doesNotContain(unknown);
    assertThat(causes("store")).containsExactly(Cause.CREATED, Cause.MIXED, Cause.COPIED);
  }

  @Test
  void historyOfAnotherCopyIsNotBelieved() throws IOException {
    put("store", "shared");
    StoreFiles.copy(path("store"), path("copy"));
    put("store", "own");
    put("copy", "own");
    Set<Long> known = new HashSet<>();
    for (String name : List.of("store", "copy")) {
      read(name).branches().forEach(branch -> known.add(branch.id()));
    }
    Files.write(
        path("store").resolve("history"), Files.readAllBytes(path("copy").resolve("history")));

    put("store", "three");

    assertThat(read("store").branches()).noneMatch(branch -> known.contains(branch.id()));
  }

  @Test
  void noMoreBranchesAreKeptThanTheFileHasRoomFor() throws IOException {
    put("store", "one");
    HistoryFile file = read("store");
    Branch[] many = new Branch[HistoryFile.MAX_BRANCHES];
    for (int i = 0; i < many.length; i++) {
      many[i] = new Branch(file.branches().get(0).id() + i, Math.min(i, 1), Cause.OPENED);
    }
    new HistoryFile(file.owner(), 0, file.tail(), file.schemas(), file.closed(), List.of(many))
        .write(path("store"), Storage.FILES);

    put("store", "two");

    assertThat(read("store").branches()).hasSize(HistoryFile.MAX_BRANCHES);
    assertThat(last("store").from()).isEqualTo(1);
  }

  @Test
  void storeInMemoryHasAHistoryOfItsOwn() {
    try (KvStore<String, String> one = KvStore.builder(Codecs.string(), Codecs.string()).open();
        KvStore<String, String> other = KvStore.builder(Codecs.string(), Codecs.string()).open()) {
      assertThat(parts(one).historyId(1)).isEqualTo(parts(one).historyId());
      assertThat(parts(one).historyId()).isNotEqualTo(parts(other).historyId());
    }
  }

  // ---- what the file says of others

  @Test
  void segmentOfAnotherStoreIsRefused() throws IOException {
    put("store", "one");
    put("other", "two");
    Files.delete(path("store").resolve("index"));
    Files.write(
        path("store").resolve("0000000001.segment"),
        Files.readAllBytes(path("other").resolve("0000000001.segment")));
    DirectoryImage mixed = DirectoryImage.of(path("store"));

    assertThatThrownBy(() -> open("store", Durability.PROCESS))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("0000000001.segment")
        .hasMessageContaining("not the segment of the history");
    assertThatThrownBy(() -> readOnly("store")).isInstanceOf(CorruptStoreException.class);
    assertThat(StoreVerifier.verify(path("store"), null).damage())
        .anyMatch(damage -> damage.file().endsWith("0000000001.segment"));

    assertThat(DirectoryImage.of(path("store")).isSame(mixed)).isTrue();
  }

  // ---- never in the way

  @Test
  void anyDamageOfTheFileCostsTheHistoryOnly() throws IOException {
    put("store", "one");
    Path file = path("store").resolve("history");
    for (int at = 0; at < Files.size(file); at += 3) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[at] ^= 0x10;
      Files.write(file, bytes);
      try (Warnings warnings = Warnings.collect()) {
        assertThat(StoreVerifier.verify(path("store"), null).isWhole()).isTrue();
        try (KvStore<String, String> store = open("store", Durability.PROCESS)) {
          assertThat(store.get("one")).isEqualTo("value");
          store.put("two", "value");
        }
        assertThat(warnings.take(path("store"))).isNotEmpty();
      }
      assertThat(causes("store")).containsExactly(Cause.CREATED);
    }
  }

  @Test
  void fullDiskCostsTheHistoryOnlyAndNotForLong() throws IOException {
    put("store", "one");
    Branch before = last("store");
    FullForHistory full = new FullForHistory();
    try (Warnings warnings = Warnings.collect();
        KvStore<String, String> store = StoreDoor.open(path("store"), Durability.SYNC, full)) {
      store.put("two", "value");
      assertThat(parts(store).historyId(2)).isNotEqualTo(before.id());
      assertThat(last("store")).isEqualTo(before);
      assertThat(warnings.take(path("store"))).isNotEmpty();
      full.isFull = false;
    }
    assertThat(last("store").from()).isEqualTo(1);
    assertThat(causes("store")).containsExactly(Cause.CREATED, Cause.OPENED);
  }

  /** A storage whose writes to segments can be made to fail. */
  private static final class FailingWrites implements Storage {
    private volatile boolean isOn;

    @Override
    public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
      if (isOn && at > 0) {
        throw new IOException(FaultyStorage.NO_SPACE);
      }
      Storage.FILES.write(file, bytes, at);
    }

    @Override
    public void sync(FileChannel file) {}

    @Override
    public void sync(MappedByteBuffer mapped, int from, int length) {}

    @Override
    public void syncDirectory(Path directory) {}
  }

  /** A storage with room for everything but the history file. */
  private static final class FullForHistory implements Storage {
    private volatile boolean isFull = true;

    @Override
    public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
      ByteBuffer start = bytes.slice(bytes.position(), Math.min(15, bytes.remaining()));
      if (isFull && StandardCharsets.US_ASCII.decode(start).toString().equals("kvstore history")) {
        throw new IOException(FaultyStorage.NO_SPACE);
      }
      Storage.FILES.write(file, bytes, at);
    }

    @Override
    public void sync(FileChannel file) {}

    @Override
    public void sync(MappedByteBuffer mapped, int from, int length) {}

    @Override
    public void syncDirectory(Path directory) {}
  }

  // ---- what the tests share

  private Path path(String name) {
    return directory.resolve(name);
  }

  private KvStore<String, String> open(String name, Durability durability) {
    return StoreDoor.open(path(name), durability, NO_SYNCS);
  }

  private KvStore<String, String> readOnly(String name) {
    return KvStore.builder(Codecs.string(), Codecs.string())
        .directory(path(name))
        .readOnly()
        .open();
  }

  private void put(String name, String key) {
    try (KvStore<String, String> store = open(name, Durability.PROCESS)) {
      store.put(key, "value");
    }
  }

  private static OpenStore parts(KvStore<String, String> store) {
    return ((StripedKvStore<?, ?>) store).parts();
  }

  private HistoryFile read(String name) throws IOException {
    return Objects.requireNonNull(HistoryFile.read(path(name)));
  }

  private Branch last(String name) throws IOException {
    List<Branch> branches = read(name).branches();
    return branches.get(branches.size() - 1);
  }

  private List<Cause> causes(String name) throws IOException {
    return read(name).branches().stream().map(Branch::cause).toList();
  }
}
