package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.LogLayout;
import io.kvstore.testing.LogLayout.Found;
import io.kvstore.testing.LongForm;
import io.kvstore.testing.Reopening;
import io.kvstore.testing.Sample;
import io.kvstore.testing.StoreFiles;
import io.kvstore.testing.StoreImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of repair: it keeps every whole record, lists what it drops, and changes nothing
 * else.
 */
class StoreRepairTest {
  private static final String FIRST = "0000000001.segment";
  private static final String SECOND = "0000000002.segment";

  @TempDir Path directory;

  @Test
  void wholeStoreLosesNothing() throws IOException {
    for (Sample sample : Sample.all(directory.resolve("samples"))) {
      RepairReport report = check(sample, sample.image(), sample.name());

      assertThat(report.dropped()).isEmpty();
      assertThat(report.entries())
          .isEqualTo(sample.history().entriesAfter(sample.history().changes().size()).size());
    }
  }

  @Test
  void eachRecordThatIsDamagedIsAllThatIsLost() throws IOException {
    for (Sample sample : Sample.all(directory.resolve("samples"))) {
      for (Found record : LogLayout.of(sample.image()).records()) {
        boolean all = record.inBatch() && !sample.isCompacted();
        int[] places = {0, 5, 9, 16, 18, 19, record.size() - 1};
        for (int at : all ? someOf(places) : new int[] {record.size() - 1}) {
          StoreImage damaged = sample.image().flipped(record.file(), record.offset() + at, 0x41);
          RepairReport report =
              check(sample, damaged, record + " of " + sample + " changed at " + at);

          assertThat(report.dropped()).hasSize(1);
          assertThat(report.dropped().get(0).offset()).isEqualTo(record.batchOffset());
        }
      }
    }
  }

  /** Returns two of the places, and in the long form all. */
  private static int[] someOf(int[] places) {
    return LongForm.ON
        ? places
        : new Random(LongForm.seed("kvstore.test.seed"))
            .ints(2, 0, places.length)
            .map(i -> places[i])
            .toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void muchDamageLosesOnlyWhatIsListed(int seed) throws IOException {
    Random random = new Random(seed);
    for (Sample sample : Sample.all(directory.resolve("samples"))) {
      StoreImage damaged = sample.image();
      for (String file : LogLayout.of(sample.image()).files()) {
        int end = LogLayout.of(sample.image()).end(file);
        for (int i = random.nextInt(4); i > 0; i--) {
          damaged = damaged.flipped(file, 32 + random.nextInt(end - 31), 1 + random.nextInt(255));
        }
      }
      RepairReport report = check(sample, damaged, sample + " with seed " + seed);

      assertThat(report.dropped().isEmpty()).isEqualTo(damaged.isSame(sample.image()));
    }
  }

  @Test
  void damagedHeaderCostsNothingWhereRecordsProveIt() throws IOException {
    Sample sample = sample("several-closed");
    for (int at = 0; at < LogLayout.FILE_HEADER_BYTES; at++) {
      StoreImage damaged = sample.image().flipped(FIRST, at, 0x10);
      RepairReport report = check(sample, damaged, "header changed at " + at);

      assertThat(report.dropped()).hasSize(1);
      assertThat(report.dropped().get(0).bytes()).isZero();
      assertThat(report.dropped().get(0).what()).contains("header");
    }
  }

  @Test
  void segmentWithoutASecretIsDroppedAndSaysSo() throws IOException {
    StoreImage image = sample("several-closed").image();
    byte[] first = image.bytes(FIRST).clone();
    Arrays.fill(first, 0, 40, (byte) 0);
    Path from = directory.resolve("from");
    image.with(FIRST, first).writeTo(from);

    RepairReport report = StoreRepair.repair(from, directory.resolve("to"), null);

    Damage dropped = report.dropped().get(0);
    assertThat(dropped.file()).isEqualTo(from.resolve(FIRST));
    assertThat(dropped.bytes())
        .isBetween(LogLayout.of(image).end(FIRST) - 7L, (long) LogLayout.of(image).end(FIRST));
    assertThat(dropped.what()).contains("secret");
    assertThat(dropped.firstSequence()).isEqualTo(1);
    assertThat(report.entries()).isPositive();
  }

  @Test
  void missingSegmentAndManifestAreListed() throws IOException {
    Sample sample = sample("several-closed");
    StoreImage damaged = sample.image().without("manifest").without(SECOND);
    Path from = directory.resolve("from");
    damaged.writeTo(from);

    RepairReport report = StoreRepair.repair(from, directory.resolve("to"), null);

    assertThat(report.dropped())
        .extracting(damage -> damage.file().getFileName().toString())
        .containsExactly("manifest", SECOND);
  }

  @Test
  void valueThatHoldsRecordsOfItsSegmentBringsNothingBack() throws IOException {
    Path host = directory.resolve("host");
    byte[] own;
    try (KvStore<String, byte[]> store = openBytes(host)) {
      store.put("abcd", new byte[] {1});
      store.delete("abcd");
      own = Arrays.copyOf(StoreImage.of(host).bytes(FIRST), 400);
      store.put("torn", own);
      store.put("kept", own);
    }
    StoreImage image = StoreImage.of(host);
    Found torn =
        LogLayout.of(image).records().stream().filter(r -> r.sequence() == 3).findFirst().get();
    for (int at = 0; at < 100; at += LongForm.of(3, 1)) {
      Path to = directory.resolve("to-" + at);
      image.flipped(FIRST, torn.offset() + at, 0xFF).writeTo(host);

      var unused = StoreRepair.repair(host, to, null);

      try (KvStore<String, byte[]> repaired = openBytes(to)) {
        assertThat(repaired.size()).isEqualTo(1);
        assertThat(repaired.get("kept")).isEqualTo(own);
      }
    }
  }

  @Test
  void placeOfTheNewStoreMustBeFreeAndElsewhere() throws IOException {
    Path from = directory.resolve("from");
    StoreImage image = sample("several-closed").image();
    image.writeTo(from);
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.createFile(full.resolve("something"));

    assertThatThrownBy(() -> StoreRepair.repair(from, full, null))
        .isInstanceOf(KvStoreException.class)
        .hasMessage(full + " is not empty");
    assertThatThrownBy(() -> StoreRepair.repair(from, from, null))
        .isInstanceOf(KvStoreException.class);
    assertThatThrownBy(() -> StoreRepair.repair(from, from.resolve("new/store"), null))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("inside");

    assertThat(StoreImage.of(from).isSame(image)).isTrue();
  }

  @Test
  void openStoreIsRefused() {
    Path from = directory.resolve("from");
    try (KvStore<String, byte[]> store = openBytes(from)) {
      store.put("a", new byte[0]);
      Path to = directory.resolve("to");

      assertThatThrownBy(() -> StoreRepair.repair(from, to, null))
          .isInstanceOf(LockedStoreException.class);
      assertThat(to).doesNotExist();
    }
  }

  /** Repairs a damaged copy of a sample whose headers are whole or can be proven. */
  private RepairReport check(Sample sample, StoreImage damaged, String what) throws IOException {
    Path from = directory.resolve("from");
    Path to = directory.resolve("to");
    damaged.writeTo(from);

    RepairReport report = StoreRepair.repair(from, to, null);

    assertThat(StoreImage.of(from).isSame(damaged)).as(what).isTrue();
    LogLayout layout = LogLayout.of(sample.image());
    Set<Found> lost = lost(layout, sample.image(), damaged);
    for (Found record : lost) {
      assertThat(report.dropped()).as(what).anyMatch(place -> covers(place, record));
    }
    Map<String, String> kept = layout.entriesWithout(lost);
    try (KvStore<String, String> repaired =
        KvStore.builder(Codecs.string(), Codecs.string()).directory(to).open()) {
      assertThat(Reopening.entriesOf(repaired)).as(what).isEqualTo(kept);
    }
    assertThat(report.entries()).isEqualTo(kept.size());
    assertThat(StoreVerifier.verify(to, null).isWhole()).isTrue();
    StoreFiles.delete(to);
    return report;
  }

  /** Returns the changes that are damaged, and those that go with them. */
  private static Set<Found> lost(LogLayout layout, StoreImage whole, StoreImage damaged) {
    Set<Found> lost = new HashSet<>();
    for (String file : layout.files()) {
      List<Found> batch = new ArrayList<>();
      boolean hidden = false;
      for (Found record : layout.records(file)) {
        batch.add(record);
        if (record.more()) {
          continue;
        }
        int behind = 0;
        for (int i = 0; i < batch.size(); i++) {
          if (!survives(batch.get(i), whole, damaged)) {
            behind = i + 1;
            hidden |= hidesWhatFollows(batch.get(i), whole, damaged);
          }
        }
        boolean restIsLost = behind > 0 && !hidden;
        lost.addAll(batch.subList(0, restIsLost ? batch.size() : behind));
        hidden &= behind == batch.size();
        batch.clear();
      }
    }
    lost.removeIf(record -> record.type() > LogLayout.TOMBSTONE);
    return lost;
  }

  /** Returns whether lengths, type or flags are damaged. */
  private static boolean hidesWhatFollows(Found record, StoreImage whole, StoreImage damaged) {
    return IntStream.of(4, 5, 6, 7, 16, 17, 18, 19)
        .map(i -> record.offset() + i)
        .anyMatch(at -> whole.bytes(record.file())[at] != damaged.bytes(record.file())[at]);
  }

  private static boolean survives(Found record, StoreImage whole, StoreImage damaged) {
    return Arrays.equals(
        whole.bytes(record.file()),
        record.offset(),
        record.end(),
        damaged.bytes(record.file()),
        record.offset(),
        record.end());
  }

  private static boolean covers(Damage place, Found lost) {
    return place.file().endsWith(lost.file())
        && place.offset() <= lost.offset()
        && place.offset() + place.bytes() > lost.offset()
        && place.firstSequence() <= lost.sequence()
        && (place.lastSequence() == 0 || place.lastSequence() >= lost.sequence());
  }

  private Sample sample(String name) {
    return Sample.all(directory.resolve("samples")).stream()
        .filter(sample -> sample.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static KvStore<String, byte[]> openBytes(Path data) {
    return KvStore.builder(Codecs.string(), Codecs.bytes())
        .directory(data)
        .durability(Durability.PROCESS)
        .open();
  }
}
