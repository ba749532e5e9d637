package io.kvstore.index;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.ClosedStoreException;
import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.StoreStats;
import io.kvstore.StoreVerifier;
import io.kvstore.codec.Codecs;
import io.kvstore.testing.DirectoryImage;
import io.kvstore.testing.Warnings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexCheckpointTest {
  private static final int KEYS = 500;

  @TempDir Path directory;

  private final Map<String, String> expected = new HashMap<>();

  @Test
  void openingFromItGivesWhatReadingTheLogGives() throws IOException {
    fill(1, 3_000);
    StoreStats restored = openAndCompare();

    Files.delete(directory.resolve("index"));
    StoreStats scanned = openAndCompare();

    assertThat(restored.liveBytes()).isEqualTo(scanned.liveBytes());
    assertThat(restored.logBytes()).isEqualTo(scanned.logBytes());
    assertThat(restored.sequence()).isEqualTo(scanned.sequence());
    assertThat(restored.syncedSequence()).isEqualTo(scanned.syncedSequence());
  }

  @Test
  void changesAfterItAreReadFromTheLog() throws IOException {
    fill(1, 3_000);
    Path older = copyOf("index");
    fill(2, 3_000);
    Files.move(older, directory.resolve("index"), REPLACE_EXISTING);

    openAndCompare();
  }

  @Test
  void damageToItCostsNothingWhateverTheByte() throws IOException {
    fill(1, 300);
    byte[] whole = Files.readAllBytes(directory.resolve("index"));

    for (int i = 0; i < whole.length; i += i < 150 ? 1 : 211) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) 0x40;
      Files.write(directory.resolve("index"), damaged);
      openAndCompare();
    }
    for (int length = 0; length < whole.length; length += 401) {
      Files.write(directory.resolve("index"), Arrays.copyOf(whole, length));
      openAndCompare();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 39, 40, 40 + 103, 40 + 105})
  void positionOfAnotherLayoutIsADamagedIndex(int positionBytes) throws IOException {
    fill(1, 300);
    Path index = directory.resolve("index");
    byte[] whole = Files.readAllBytes(index);
    ByteBuffer was = ByteBuffer.wrap(whole);
    int length = was.getInt(16);
    int tableAt = 20 + length;
    int tableBytes = 4 + 8 * was.getInt(tableAt);
    ByteBuffer head = ByteBuffer.allocate(20 + positionBytes + tableBytes + 4);
    head.put(whole, 0, 16).putInt(positionBytes);
    head.put(Arrays.copyOf(Arrays.copyOfRange(whole, 20, tableAt), positionBytes));
    head.put(whole, tableAt, tableBytes);
    CRC32C crc = new CRC32C();
    crc.update(head.array(), 0, head.position());
    head.putInt((int) crc.getValue());
    try (OutputStream out = Files.newOutputStream(index)) {
      out.write(head.array());
      int slotsAt = tableAt + tableBytes + 4;
      out.write(whole, slotsAt, whole.length - slotsAt);
    }

    try (Warnings warnings = Warnings.collect()) {
      openAndCompare();

      assertThat(warnings.take(directory)).singleElement().asString().contains("index");
    }
  }

  @Test
  void checkpointOfAnotherStoreIsNotBelieved(@TempDir Path other) throws IOException {
    fill(1, 300);
    try (KvStore<String, String> store = open(other)) {
      store.put("foreign", "value");
    }
    Files.copy(other.resolve("index"), directory.resolve("index"), REPLACE_EXISTING);

    openAndCompare();
  }

  // ---- an index of other files

  @Test
  void olderFilesUnderANewerIndexAreRead() throws IOException {
    fill(1, 1);
    DirectoryImage older = DirectoryImage.of(directory);
    Map<String, String> then = Map.copyOf(expected);
    fill(2, 10);
    older.without("index").writeOver(directory);
    expected.clear();
    expected.putAll(then);

    openAndCompare();
    fill(3, 10);
    openAndCompare();
    Files.delete(directory.resolve("index"));
    openAndCompare();
  }

  @Test
  void indexOfOtherFilesProvesNothingOfThese(@TempDir Path fork) throws IOException {
    fill(1, 10);
    DirectoryImage.of(directory).writeTo(fork);
    try (KvStore<String, String> store = open(fork)) {
      for (int i = 0; i < 100; i++) {
        store.put("of the fork " + i, "value");
      }
    }
    for (int further = 0; further < 3; further++) {
      Files.copy(fork.resolve("index"), directory.resolve("index"), REPLACE_EXISTING);

      openAndCompare();
      fill(further + 2, 30);
    }
  }

  @Test
  void indexOfACopyThatHasWrittenTheSameLengthsIsNotBelieved(@TempDir Path fork)
      throws IOException {
    fill(1, 10);
    DirectoryImage.of(directory).writeTo(fork);
    for (int round = 0; round < 20; round++) {
      try (KvStore<String, String> ours = open(directory);
          KvStore<String, String> theirs = open(fork)) {
        ours.put("ours" + round, "value");
        expected.put("ours" + round, "value");
        theirs.put("fork" + round, "value");
        for (KvStore<String, String> each : List.of(ours, theirs)) {
          each.put("last", "the same");
        }
        expected.put("last", "the same");
      }
      Files.copy(fork.resolve("index"), directory.resolve("index"), REPLACE_EXISTING);

      openAndCompare();
    }
  }

  @Test
  void indexThatWasNotBelievedIsGoneBeforeAnythingIsWritten() throws IOException {
    fill(1, 1);
    DirectoryImage older = DirectoryImage.of(directory);
    fill(2, 40);
    older.without("index").writeOver(directory);

    try (KvStore<String, String> store = open(directory)) {
      assertThat(directory.resolve("index")).doesNotExist();
      store.put("key", "value");
    }

    assertThat(directory.resolve("index")).exists();
  }

  @Test
  void segmentThatIsCutShortBelowItsIndexIsDamage() throws IOException {
    fill(1, 50);
    Path segment = directory.resolve("0000000001.segment");
    byte[] whole = Files.readAllBytes(segment);
    int lengths = 0;
    for (int length = 33; length < 1_000; length += 97) {
      Files.write(segment, Arrays.copyOf(whole, length));
      lengths++;

      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining(segment.toString())
          .hasMessageContaining("were synced");
      assertThat(StoreVerifier.verify(directory, null).isWhole()).isFalse();
    }
    assertThat(lengths).isEqualTo(10);
    Files.write(segment, whole);
    openAndCompare();
  }

  @Test
  void damagedRecordIsNeverServed() throws IOException {
    fill(1, 300);
    Path segment = directory.resolve("0000000001.segment");
    byte[] whole = Files.readAllBytes(segment);
    Random random = new Random(5);
    for (int round = 0; round < 100; round++) {
      byte[] damaged = whole.clone();
      int at = 32 + random.nextInt(4_000);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(segment, damaged);
      byte[] index = Files.readAllBytes(directory.resolve("index"));
      try (KvStore<String, String> store = open(directory)) {
        for (Map.Entry<String, String> entry : expected.entrySet()) {
          try {
            assertThat(store.get(entry.getKey())).isEqualTo(entry.getValue());
          } catch (CorruptStoreException e) {
            assertThat(e.file()).isEqualTo(segment);
            assertThat(e.offset()).isBetween(at - 200L, (long) at);
          }
        }
      }
      Files.write(directory.resolve("index"), index);
    }
    Files.write(segment, whole);
    openAndCompare();
  }

  @Test
  void segmentsThatAreGoneAreMissed() throws IOException {
    fill(1, 3_000);
    List<Path> segments = segments();
    Files.delete(segments.get(segments.size() - 1));

    assertThatThrownBy(() -> open(directory)).isInstanceOf(CorruptStoreException.class);
  }

  @Test
  void writesUnderWayWhileClosingAreInItOrRefused() throws Exception {
    for (int round = 0; round < 10; round++) {
      ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
      KvStore<String, String> store = open(directory);
      int number = round;
      Thread[] writers = new Thread[4];
      for (int w = 0; w < writers.length; w++) {
        int writer = w;
        writers[w] =
            new Thread(
                () -> {
                  try {
                    for (int i = 0; ; i++) {
                      String key = number + "." + writer + "." + i;
                      store.put(key, "value");
                      acknowledged.add(key);
                    }
                  } catch (ClosedStoreException e) {
                    // closing is what ends the writer
                  }
                });
        writers[w].start();
      }
      while (acknowledged.size() < 100) {
        Thread.onSpinWait();
      }
      store.close();
      for (Thread writer : writers) {
        writer.join();
      }
      try (KvStore<String, String> reopened = open(directory)) {
        assertThat(acknowledged).allMatch(reopened::containsKey);
      }
    }
  }

  private void fill(int seed, int operations) {
    Random random = new Random(seed);
    try (KvStore<String, String> store = open(directory)) {
      for (int i = 0; i < operations; i++) {
        String key = "key" + random.nextInt(KEYS);
        if (random.nextInt(5) == 0) {
          store.delete(key);
          expected.remove(key);
        } else {
          store.put(key, seed + "value" + i);
          expected.put(key, seed + "value" + i);
        }
      }
    }
  }

  private StoreStats openAndCompare() {
    try (KvStore<String, String> store = open(directory)) {
      Map<String, String> found = new HashMap<>();
      store.forEach(entry -> found.put(entry.key(), entry.value()));
      assertThat(found).isEqualTo(expected);
      assertThat(store.size()).isEqualTo(expected.size());
      return store.stats();
    }
  }

  private static KvStore<String, String> open(Path directory) {
    return KvStore.builder(Codecs.string(), Codecs.string())
        .directory(directory)
        .durability(Durability.PROCESS)
        .maxSegmentBytes(16 << 10)
        .open();
  }

  private Path copyOf(String file) throws IOException {
    Path copy = directory.resolveSibling(directory.getFileName() + "." + file);
    return Files.copy(directory.resolve(file), copy);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".segment")).sorted().toList();
    }
  }
}
