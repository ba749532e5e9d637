package io.kvstore.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.ChangeListener;
import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.Page;
import io.kvstore.Snapshot;
import io.kvstore.ValueView;
import io.kvstore.Watch;
import io.kvstore.codec.Codecs;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.SegmentReused;
import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.QuickDirectories;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files of dropped segments are written anew, and nobody takes the new bytes for the old. */
class SegmentReuseTest {
  private static final int SEGMENT_BYTES = 32_768;
  private static final int KEYS = 200;
  private static final int LARGE = 20_000;
  private static final int ROUNDS = 6;

  /** Files that are made although others have been dropped: in each round one that none fits. */
  private static final int MOST_NEW = ROUNDS;

  @TempDir(factory = QuickDirectories.class)
  Path directory;

  private KvStoreBuilder<String, String> builder(Durability durability) {
    return KvStore.builder(Codecs.string(), Codecs.string())
        .directory(directory.resolve("store"))
        .durability(durability)
        .stripes(4)
        .maxSegmentBytes(SEGMENT_BYTES);
  }

  private static String value(String key, int version) {
    return (key + "=" + version + ";").repeat(40);
  }

  private static void fill(KvStore<String, String> store, int version) {
    for (int i = 0; i < KEYS; i++) {
      store.put("key" + i, value("key" + i, version));
    }
  }

  /** Overwrites everything some times, so that all files so far are dropped. */
  private static void churn(KvStore<String, String> store) {
    for (int round = 0; round < ROUNDS; round++) {
      fill(store, 1000 + round);
      store.compact();
    }
  }

  private static void assertOwn(String key, String value) {
    assertThat(value).startsWith(key + "=");
    String one = value.substring(0, value.indexOf(';') + 1);
    assertThat(value).isEqualTo(one.repeat(40));
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("store"))) {
      return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private Set<Object> fileKeys() throws IOException {
    Set<Object> keys = new HashSet<>();
    for (String suffix : List.of(".segment", ".compacted", ".spare")) {
      for (Path file : files(suffix)) {
        keys.add(Files.getAttribute(file, "unix:ino"));
      }
    }
    return keys;
  }

  @ParameterizedTest
  @EnumSource
  void droppedFilesAreWrittenAnew(Durability durability) throws IOException {
    try (KvStore<String, String> store = builder(durability).open()) {
      fill(store, 0);
      churn(store);
      Set<Object> before = fileKeys();
      assertThat(files(".spare")).isNotEmpty();
      assertThat(store.stats().compaction().unreleasedBytes()).isPositive();
      churn(store);
      Set<Object> after = fileKeys();
      after.removeAll(before);
      assertThat(after).hasSizeLessThanOrEqualTo(MOST_NEW);
      for (int i = 0; i < KEYS; i++) {
        assertThat(store.get("key" + i)).isEqualTo(value("key" + i, 1000 + ROUNDS - 1));
      }
    }
    assertThat(files(".spare")).isEmpty();
  }

  /** A reader that is slow: it has found a record, and reads it after all has been compacted. */
  @Test
  void recordOfAFileThatIsUsedAgainIsNotRead() {
    SegmentTable segments = new SegmentTable();
    try (KvStore<String, String> store =
        StoreDoor.open(
            directory.resolve("store"),
            Durability.PROCESS,
            FaultyStorage.withoutSyncs(),
            segments)) {
      fill(store, 0);
      Map<RecordView, String> found = new HashMap<>();
      for (int place = 0; segments.find(firstRecord(place)) != null; place++) {
        RecordView record = segments.find(firstRecord(place));
        if (record.key().length > 0) {
          found.put(record, new String(record.value(), UTF_8));
        }
      }
      churn(store);
      churn(store);

      int reused = 0;
      for (RecordView record : found.keySet()) {
        try {
          assertThat(new String(record.value(), UTF_8)).isEqualTo(found.get(record));
        } catch (SegmentReused e) {
          reused++;
          assertThatThrownBy(record::key).isInstanceOf(SegmentReused.class);
          assertThatThrownBy(record::sequence).isInstanceOf(SegmentReused.class);
          assertThatThrownBy(record::deadline).isInstanceOf(SegmentReused.class);
          assertThatThrownBy(record::label).isInstanceOf(SegmentReused.class);
          assertThatThrownBy(record::isWhole).isInstanceOf(SegmentReused.class);
          assertThatThrownBy(record::valueView).isInstanceOf(SegmentReused.class);
          assertThatThrownBy(() -> record.holds(new byte[4])).isInstanceOf(SegmentReused.class);
          assertThat(record.hold()).isFalse();
        }
      }
      assertThat(reused).isPositive();
    }
  }

  /** Returns the location of the first record of the segment at a place. */
  private static long firstRecord(int place) {
    return (long) place << 23 | 32 >> 3;
  }

  @Test
  void crashLeavesNoSpareFiles() throws IOException {
    Path copy = directory.resolve("copy");
    try (KvStore<String, String> store = builder(Durability.INTERVAL).open()) {
      fill(store, 0);
      churn(store);
      store.put("last", "value");
      assertThat(files(".spare")).isNotEmpty();
      StoreFiles.copy(directory.resolve("store"), copy);
    }
    try (KvStore<String, String> store = builder(Durability.INTERVAL).directory(copy).open()) {
      assertThat(store.get("last")).isEqualTo("value");
      assertThat(store.size()).isEqualTo(KEYS + 1);
      try (Stream<Path> left = Files.list(copy)) {
        assertThat(left).noneMatch(file -> file.toString().endsWith(".spare"));
      }
    }
  }

  @Test
  void whatIsKeptStaysWhatItIs() {
    String large = "large".repeat(LARGE / 5);
    try (KvStore<String, String> store = builder(Durability.PROCESS).open()) {
      store.put("large", large);
      store.put("small", "small");
      fill(store, 0);
      ValueView largeView = store.view("large");
      ValueView smallView = store.view("small");
      Iterator<Entry<String, String>> iterator = store.iterator();
      Entry<String, String> first = iterator.next();
      try (Snapshot<String, String> snapshot = store.snapshot()) {
        store.put("large", "other");
        store.put("small", "other");
        churn(store);

        assertThat(UTF_8.decode(largeView.bytes().duplicate()).toString()).isEqualTo(large);
        assertThat(UTF_8.decode(smallView.bytes().duplicate()).toString()).isEqualTo("small");
        assertThat(snapshot.get("large")).isEqualTo(large);
        Map<String, String> shown = new HashMap<>();
        snapshot.forEach(entry -> shown.put(entry.key(), entry.value()));
        assertThat(shown).hasSize(KEYS + 2).containsEntry("small", "small");
        for (int i = 0; i < KEYS; i++) {
          assertThat(shown.get("key" + i)).isEqualTo(value("key" + i, 0));
          assertThat(snapshot.get("key" + i)).isEqualTo(value("key" + i, 0));
        }
      }
      churn(store);
      int passed = 1;
      for (; iterator.hasNext(); passed++) {
        Entry<String, String> entry = iterator.next();
        if (entry.key().startsWith("key")) {
          assertOwn(entry.key(), entry.value());
        }
      }
      assertThat(passed).isEqualTo(KEYS + 2);
      assertThat(first.value()).isNotEmpty();
      assertThat(UTF_8.decode(largeView.bytes().duplicate()).toString()).isEqualTo(large);
    }
  }

  @Test
  void storeThatIsReadOnlyKeepsWhatItHasOpened() throws IOException {
    try (KvStore<String, String> store = builder(Durability.PROCESS).open()) {
      fill(store, 0);
      churn(store);
      fill(store, 1);
      try (KvStore<String, String> reader = builder(Durability.PROCESS).readOnly().open()) {
        try (KvStore<String, String> second = builder(Durability.PROCESS).readOnly().open()) {
          assertThat(second.get("key1")).isEqualTo(value("key1", 1));
        }
        churn(store);
        for (int i = 0; i < KEYS; i++) {
          assertThat(reader.get("key" + i)).isEqualTo(value("key" + i, 1));
        }
      }
      Set<Object> before = fileKeys();
      churn(store);
      churn(store);
      assertThat(files(".spare")).isNotEmpty();
      assertThat(fileKeys()).isNotEqualTo(before);
    }
  }

  @Test
  void readerThatHasLostItsLockIsTold() throws IOException {
    try (KvStore<String, String> store = builder(Durability.PROCESS).open()) {
      fill(store, 0);
    }
    try (KvStore<String, String> reader = builder(Durability.PROCESS).readOnly().open()) {
      assertThat(reader.get("key1")).isEqualTo(value("key1", 0));
      for (Path file : files(".segment")) {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
          bytes.write(new byte[32]);
        }
      }
      assertThatThrownBy(() -> reader.get("key1"))
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining("reopen this store");
      assertThatThrownBy(() -> reader.forEach(entry -> {})).isInstanceOf(KvStoreException.class);
    }
  }

  @Test
  void viewStaysWhatItIsThoughItsReaderHasLostItsLock() throws IOException {
    try (KvStore<String, String> store = builder(Durability.PROCESS).open()) {
      store.put("large", "x".repeat(LARGE));
    }
    try (KvStore<String, String> reader = builder(Durability.PROCESS).readOnly().open()) {
      ByteBuffer view = Objects.requireNonNull(reader.view("large")).bytes();
      ByteBuffer before = ByteBuffer.allocate(view.remaining()).put(view.duplicate()).flip();
      for (Path file : files(".segment")) {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
          bytes.write(new byte[LARGE]);
        }
      }
      assertThat(view).isEqualTo(before);
    }
  }

  @Test
  void fileWithAnotherNameIsLeftAlone() throws IOException {
    try (KvStore<String, String> store = builder(Durability.PROCESS).open()) {
      fill(store, 0);
      Path first = files(".segment").get(0);
      Path link = Files.createLink(directory.resolve("link"), first);
      byte[] bytes = Files.readAllBytes(link);
      churn(store);
      churn(store);
      assertThat(first).doesNotExist();
      assertThat(Files.readAllBytes(link)).isEqualTo(bytes);
    }
  }

  /** Reads in all ways while everything is overwritten and compacted all the time. */
  @ParameterizedTest
  @EnumSource
  void readersFindWhatTheyAskFor(Durability durability) throws Exception {
    int versions =
        LongForm.of("kvstore.test.reuses", durability == Durability.SYNC ? 15 : 60, 5000);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (KvStore<String, String> store = builder(durability).open()) {
      fill(store, 0);
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int seed = i;
        readers.add(threads.submit(() -> read(store, new Random(seed), done)));
      }
      AtomicReference<Throwable> told = new AtomicReference<>();
      try (Watch watch = store.watch(watching(told))) {
        for (int version = 1; version <= versions; version++) {
          fill(store, version);
          if (version % 5 == 0) {
            store.compact();
          }
        }
        done.set(true);
        for (Future<?> reader : readers) {
          reader.get();
        }
        assertThat(watch.version()).isNotNegative();
      }
      assertThat(told.get()).isNull();
      assertThat(store.stats().compaction().rounds()).isPositive();
    } finally {
      done.set(true);
      threads.shutdown();
    }
  }

  private static ChangeListener<String, String> watching(AtomicReference<Throwable> told) {
    return new ChangeListener<>() {
      @Override
      public void onPut(Entry<String, String> entry) {
        assertOwn(entry.key(), entry.value());
      }

      @Override
      public void onDelete(String key, long version) {}

      @Override
      public void onGap(long from, long to) {}

      @Override
      public void onFailure(Throwable failure) {
        told.set(failure);
      }
    };
  }

  private static void read(KvStore<String, String> store, Random dice, AtomicBoolean done) {
    while (!done.get()) {
      String key = "key" + dice.nextInt(KEYS);
      switch (dice.nextInt(200)) {
        case 0 -> store.forEach(entry -> assertOwn(entry.key(), entry.value()));
        case 1 -> {
          Page<String, String> page = store.page(KeyRange.all(), null, 20);
          page.entries().forEach(entry -> assertOwn(entry.key(), entry.value()));
        }
        case 2 -> {
          try (Snapshot<String, String> snapshot = store.snapshot()) {
            assertOwn(key, snapshot.get(key));
            snapshot.forEach(entry -> assertOwn(entry.key(), entry.value()));
          }
        }
        case 3 -> {
          Iterator<Entry<String, String>> given = store.iterator();
          given.next(); // and it is given up
        }
        default -> readOne(store, key, dice);
      }
    }
  }

  private static void readOne(KvStore<String, String> store, String key, Random dice) {
    switch (dice.nextInt(5)) {
      case 0 -> {
        Entry<String, String> entry = store.entry(key);
        assertThat(entry.key()).isEqualTo(key);
        assertOwn(key, entry.value());
      }
      case 1 -> assertOwn(key, UTF_8.decode(store.view(key).bytes()).toString());
      case 2 -> assertThat(store.containsKey(key)).isTrue();
      case 3 -> assertThat(store.remaining(key)).isNull();
      default -> assertOwn(key, store.get(key));
    }
  }
}
