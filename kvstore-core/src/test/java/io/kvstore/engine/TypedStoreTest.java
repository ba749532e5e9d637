package io.kvstore.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.RepairReport;
import io.kvstore.StoreRepair;
import io.kvstore.StoreVerifier;
import io.kvstore.codec.Codec;
import io.kvstore.codec.Codecs;
import io.kvstore.directory.SchemaFile;
import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.FaultyStorage.Operation;
import io.kvstore.testing.StoreFiles;
import io.kvstore.testing.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores whose values need the schemas in their directory. */
class TypedStoreTest {
  record Item(String name, int count) {}

  record Note(String text) {}

  enum Mood {
    GOOD,
    BAD
  }

  private static final Item ITEM = new Item("a", 1);
  private static final Note NOTE = new Note("b");

  @TempDir Path temp;

  private Path directory() {
    return temp.resolve("store");
  }

  private static Codec<Object> values() {
    return Codecs.kryo(Object.class, Note.class, Item.class, Mood.class);
  }

  private static KvStoreBuilder<String, Object> builder(Path directory) {
    return KvStore.builder(Codecs.string(), values()).directory(directory);
  }

  private static KvStore<String, Object> open(Path directory) {
    return builder(directory).open();
  }

  private KvStore<String, Object> open(Storage storage) {
    StoreSettings settings =
        StoreDoor.settings(
            directory(), Durability.PROCESS, KvStoreBuilder.MIN_SEGMENT_BYTES, Duration.ofDays(1));
    return StripedKvStore.open(Codecs.string(), values(), settings, storage);
  }

  private Path schemas() {
    return directory().resolve("schemas");
  }

  @Test
  void orderOfRegistrationMeansNothing() {
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
      store.put("note", NOTE);
      store.put("mood", Mood.BAD);
    }

    Codec<Object> other = Codecs.kryo(Object.class, Mood.class, Item.class).with(Note.class);
    try (KvStore<String, Object> store =
        KvStore.builder(Codecs.string(), other).directory(directory()).open()) {
      assertThat(store.get("item")).isEqualTo(ITEM);
      assertThat(store.get("note")).isEqualTo(NOTE);
      assertThat(store.get("mood")).isEqualTo(Mood.BAD);
    }
    Codec<Object> fewer = Codecs.kryo(Object.class, Note.class);
    try (KvStore<String, Object> store =
        KvStore.builder(Codecs.string(), fewer).directory(directory()).open()) {
      assertThat(store.get("note")).isEqualTo(NOTE);
      assertThatThrownBy(() -> store.get("item"))
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining(Item.class.getName());
    }
  }

  @Test
  void storeInMemoryKeepsSchemasOnTheHeap() {
    try (KvStore<String, Object> store = KvStore.builder(Codecs.string(), values()).open()) {
      store.put("item", ITEM);

      assertThat(store.get("item")).isEqualTo(ITEM);
    }
  }

  @Test
  void valueWhoseSchemaCannotBeWrittenIsNotWritten() {
    FaultyStorage storage = FaultyStorage.withoutSyncs();
    try (KvStore<String, Object> store = open(storage)) {
      store.put("text", "needs no schema");
      storage.fail(Operation.SYNC_FILE, "the disk refuses");

      assertThatThrownBy(() -> store.put("item", ITEM))
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining("schemas")
          .hasMessageContaining("the disk refuses");
      assertThat(store.get("item")).isNull();
      assertThat(schemas()).doesNotExist();

      storage.heal();
      store.put("item", ITEM);
      assertThat(store.get("item")).isEqualTo(ITEM);
    }
    try (KvStore<String, Object> store = open(directory())) {
      assertThat(store.get("item")).isEqualTo(ITEM);
    }
  }

  @Test
  void schemaIsWrittenOnce() throws IOException {
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
      Object first = file();
      store.put("item 2", new Item("c", 2));
      store.get("item");
      Object second = file();
      store.put("note", NOTE);

      assertThat(second).isEqualTo(first);
      assertThat(file()).isNotEqualTo(first);
    }
  }

  /** Each replacement is another file. */
  private Object file() throws IOException {
    return Files.readAttributes(schemas(), BasicFileAttributes.class).fileKey();
  }

  @Test
  void threadsThatMeetANewClassAgreeOnItsSchema() throws Exception {
    List<Object> values = List.of(ITEM, NOTE, Mood.GOOD, List.of(ITEM, NOTE));
    try (KvStore<String, Object> store = open(directory());
        Threads threads = new Threads()) {
      for (int t = 0; t < 8; t++) {
        int thread = t;
        threads.run(
            () -> {
              for (int i = 0; i < 40; i++) {
                store.put(thread + " " + i, values.get((thread + i) % values.size()));
              }
            });
      }
      threads.join();
    }

    assertThat(Files.readAllLines(schemas())).hasSize(5);
    try (KvStore<String, Object> store = open(directory())) {
      for (int thread = 0; thread < 8; thread++) {
        for (int i = 0; i < 40; i++) {
          assertThat(store.get(thread + " " + i)).isEqualTo(values.get((thread + i) % 4));
        }
      }
    }
  }

  @Test
  void interruptedCallerWritesASchemaAndBreaksNothing() {
    try (KvStore<String, Object> store = open(directory())) {
      Thread.currentThread().interrupt();
      store.put("item", ITEM);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(store.get("item")).isEqualTo(ITEM);
      store.put("note", NOTE);
    }
  }

  @Test
  void whatACrashLeavesOpens() throws IOException {
    Path copy = temp.resolve("copy");
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
      StoreFiles.copy(directory(), copy);
    }
    Files.writeString(copy.resolve("schemas.new"), "kvstore sch");

    try (KvStore<String, Object> store = open(copy)) {
      assertThat(store.get("item")).isEqualTo(ITEM);
      store.put("note", NOTE);
    }
    try (KvStore<String, Object> store = open(copy)) {
      assertThat(store.get("note")).isEqualTo(NOTE);
    }
  }

  @Test
  void damagedSchemasAreRefusedWhereverAByteChanges() throws IOException {
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
    }
    byte[] whole = Files.readAllBytes(schemas());
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(schemas(), damaged);

      assertThatThrownBy(() -> open(directory()))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining("schemas");
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(schemas(), Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> open(directory())).isInstanceOf(CorruptStoreException.class);
    }
    assertThat(StoreVerifier.verify(directory(), null).damage())
        .anySatisfy(damage -> assertThat(damage.file()).isEqualTo(schemas()));

    Files.write(schemas(), whole);
    assertThat(StoreVerifier.verify(directory(), null).damage()).isEmpty();
    open(directory()).close();
  }

  @Test
  void missingSchemasAreRefused() throws IOException {
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
    }
    Files.delete(schemas());

    assertThatThrownBy(() -> open(directory()))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("no schema 64");
    try (KvStore<byte[], byte[]> bytes =
        KvStore.builder(Codecs.bytes(), Codecs.bytes()).directory(directory()).open()) {
      assertThat(bytes.size()).isEqualTo(1);
    }
  }

  @Test
  void schemasOfAnotherTimeOrCopyAreRefused() throws IOException {
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
    }
    byte[] older = Files.readAllBytes(schemas());
    Path copy = temp.resolve("copy");
    StoreFiles.copy(directory(), copy);
    try (KvStore<String, Object> store = open(directory());
        KvStore<String, Object> other = open(copy)) {
      store.put("note", NOTE);
      other.put("mood", Mood.GOOD);
    }
    byte[] own = Files.readAllBytes(schemas());

    for (byte[] foreign : List.of(older, Files.readAllBytes(copy.resolve("schemas")))) {
      Files.write(schemas(), foreign);
      assertThatThrownBy(() -> open(directory()))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining(schemas().toString());
      assertThat(StoreVerifier.verify(directory(), null).damage())
          .anySatisfy(damage -> assertThat(damage.file()).isEqualTo(schemas()));
    }
    Files.write(schemas(), own);
    try (KvStore<String, Object> store = open(directory())) {
      assertThat(store.get("note")).isEqualTo(NOTE);
    }
  }

  @Test
  void backupsHaveTheSchemasOfAllTheyHold() {
    Path backup = temp.resolve("backup");
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
      store.backup(backup);
      store.put("note", NOTE);
      store.backup(backup);
      store.put("mood", Mood.GOOD);
    }

    try (KvStore<String, Object> store = open(backup)) {
      assertThat(store.get("item")).isEqualTo(ITEM);
      assertThat(store.get("note")).isEqualTo(NOTE);
      assertThat(store.get("mood")).isNull();
    }
  }

  @Test
  void compactionLeavesValuesReadable() {
    try (KvStore<String, Object> store = open(directory())) {
      for (int i = 0; i < 100; i++) {
        store.put("key" + i % 10, new Item("x".repeat(50), i));
      }
      store.compact();

      assertThat(store.get("key9")).isEqualTo(new Item("x".repeat(50), 99));
    }
    try (KvStore<String, Object> store = open(directory())) {
      assertThat(store.get("key9")).isEqualTo(new Item("x".repeat(50), 99));
    }
  }

  @Test
  void repairTakesTheSchemasAlong() {
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
    }
    Path repaired = temp.resolve("repaired");

    RepairReport report = StoreRepair.repair(directory(), repaired, null);

    assertThat(report.dropped()).isEmpty();
    try (KvStore<String, Object> store = open(repaired)) {
      assertThat(store.get("item")).isEqualTo(ITEM);
    }
  }

  @Test
  void repairKeepsWholeSchemasAndUsesNoLostIdAgain() throws IOException {
    try (KvStore<String, Object> store = open(directory())) {
      store.put("item", ITEM);
      store.put("note", NOTE);
    }
    String text = Files.readString(schemas(), StandardCharsets.UTF_8);
    Files.writeString(schemas(), text.replace("\ttext\t", "\ttexT\t"), StandardCharsets.UTF_8);
    Path repaired = temp.resolve("repaired");

    RepairReport report = StoreRepair.repair(directory(), repaired, null);

    assertThat(report.dropped()).singleElement().matches(d -> d.file().equals(schemas()));
    Codec<Object> fewer = Codecs.kryo(Object.class, Item.class, Mood.class);
    try (KvStore<String, Object> store =
        KvStore.builder(Codecs.string(), fewer).directory(repaired).open()) {
      assertThat(store.get("item")).isEqualTo(ITEM);
      store.put("mood", Mood.GOOD);
      assertThatThrownBy(() -> store.get("note"))
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining("no schema 65");
    }
  }

  @Test
  void readerBesideAWriterReadsSchemasThatCameLater() {
    try (KvStore<String, Object> writer = open(directory())) {
      writer.put("item", ITEM);
      try (KvStore<String, Object> reader = builder(directory()).readOnly().open()) {
        writer.put("note", NOTE);

        assertThat(reader.get("item")).isEqualTo(ITEM);
        assertThat(reader.get("note")).isNull();
      }
      try (KvStore<String, Object> reader = builder(directory()).readOnly().open()) {
        assertThat(reader.get("note")).isEqualTo(NOTE);
      }
    }
  }

  @Test
  void unknownSchemaIsLookedForInTheFileOnceMore() throws IOException {
    SchemaFile written = SchemaFile.open(Files.createDirectories(directory()), Storage.FILES);
    SchemaFile read = SchemaFile.openForReading(directory());
    assertThat(read.read()).isEmpty();

    written.add("one");
    written.add("größer\ttwo");

    assertThat(read.read()).containsExactly("one", "größer\ttwo").isEqualTo(written.read());
    written.close();
    assertThatThrownBy(() -> written.add("three")).hasMessageContaining("closed");
    assertThatThrownBy(() -> read.add("three")).isInstanceOf(UnsupportedOperationException.class);
    assertThat(SchemaFile.salvage(directory())).isEqualTo(List.of("one", "größer\ttwo"));
  }
}
