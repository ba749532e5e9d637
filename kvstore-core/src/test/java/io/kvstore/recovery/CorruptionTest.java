package io.kvstore.recovery;

import static io.kvstore.testing.Reopening.entriesOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.codec.Codecs;
import io.kvstore.engine.StoreDoor;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import io.kvstore.testing.Expectation;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.History;
import io.kvstore.testing.ListFile;
import io.kvstore.testing.LogLayout;
import io.kvstore.testing.Offsets;
import io.kvstore.testing.Reopening;
import io.kvstore.testing.Sample;
import io.kvstore.testing.StoreImage;
import io.kvstore.testing.Warnings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damages the log wherever it can be damaged: nothing wrong is ever served, and nothing that is
 * known to have been synced is lost in silence. A run takes every seventh byte; see {@link
 * Offsets}.
 */
class CorruptionTest {
  private static final int[] PATTERNS = {0xFF, 0x01, 0x80};
  private static final int THREADS = 4;
  private static final int STEP = 7;
  private static final String FIRST = "0000000001.segment";
  private static final String SECOND = "0000000002.segment";
  private static final String THIRD = "0000000003.segment";

  @TempDir Path directory;
  private final FaultyStorage storage = FaultyStorage.withoutSyncs();
  private Warnings warnings;

  @BeforeEach
  void collectWarnings() {
    warnings = Warnings.collect();
  }

  @AfterEach
  void stopCollecting() {
    warnings.close();
  }

  @Test
  void anyByteOfTheLogThatChangesIsDetected() {
    for (Sample sample : Sample.all(directory.resolve("samples"))) {
      for (String file : LogLayout.of(sample.image()).files()) {
        List<Integer> offsets = Offsets.in(sample.image(), file, STEP, 0);
        IntStream.range(0, THREADS).parallel().forEach(t -> flip(sample, file, offsets, t));
      }
    }
  }

  @Test
  void anyByteOfTheListThatChangesIsDetected() {
    for (Sample sample : compactedSamples()) {
      int length = sample.image().bytes(ListFile.NAME).length;
      List<Integer> offsets = IntStream.range(0, length).boxed().toList();
      IntStream.range(0, THREADS).parallel().forEach(t -> flip(sample, ListFile.NAME, offsets, t));
    }
  }

  private List<Sample> compactedSamples() {
    return Sample.all(directory.resolve("samples")).stream().filter(Sample::isCompacted).toList();
  }

  private void flip(Sample sample, String file, List<Integer> offsets, int thread) {
    Path copy = directory.resolve("copy-" + thread);
    Reopening reopening = new Reopening(copy, sample.durability(), warnings);
    for (int i = thread; i < offsets.size(); i += THREADS) {
      int at = offsets.get(i);
      for (int p = 0; p < PATTERNS.length; p++) {
        // Each byte gets one of the patterns, but for the long form, where it gets all.
        if (Offsets.EVERY_BYTE || at % PATTERNS.length == p) {
          StoreImage damaged = sample.image().flipped(file, at, PATTERNS[p]);
          Expectation expected = Expectation.of(sample.image(), damaged, sample.history());
          reopening.check(damaged, expected, sample + ": " + file + " changed at " + at);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void damageAfterACleanCloseIsRefusedHoweverFullTheSegment(Durability durability) {
    for (int free = 0; free <= 96; free += RecordFormat.ALIGNMENT) {
      Path filled = directory.resolve("filled-" + free);
      int used = Segment.HEADER_BYTES + 2 * RecordFormat.CONTROL_BYTES + 24;
      History history = new History();
      try (KvStore<String, String> store = StoreDoor.open(filled, durability, storage)) {
        history.put(store, "key", "1");
        history.put(store, "key", "x".repeat(4096 - used - free - 23));
        store.sync();
        history.put(store, "last", "");
      }
      StoreImage whole = StoreImage.of(filled);
      LogLayout layout = LogLayout.of(whole);
      LogLayout.Found last =
          layout.records().stream().filter(r -> r.sequence() == 3).findFirst().orElseThrow();

      Reopening reopening = new Reopening(directory.resolve("copy"), durability, warnings);
      StoreImage damaged = whole.flipped(last.file(), last.offset() + 20, 1);

      Expectation expected = new Expectation(null, 0, last.file(), last.offset());
      reopening.check(damaged, expected, free + " bytes left");
    }
  }

  // ---- records in values

  @Test
  void recordsOfAnotherStoreInATornValueAreNotResurrected() {
    StoreImage other;
    try (KvStore<String, String> store =
        StoreDoor.open(directory.resolve("other"), Durability.PROCESS, storage)) {
      for (int i = 0; i < 40; i++) {
        store.put("other" + i, "value");
      }
      store.sync();
      other = StoreImage.of(directory.resolve("other"));
    }
    byte[] records = other.bytes(FIRST);
    assertThat(LogLayout.of(other).records()).hasSizeGreaterThan(40);
    checkTornValue(records);
  }

  @Test
  void recordsOfTheSameSegmentInATornValueAreNotResurrected() {
    try (KvStore<String, byte[]> store = openBytes(directory.resolve("host"))) {
      store.put("abcd", "stale".getBytes(StandardCharsets.UTF_8));
      store.delete("abcd");
      byte[] own = StoreImage.of(directory.resolve("host")).bytes(FIRST);

      checkTornValue(store, Arrays.copyOf(own, 400));
    }
  }

  private void checkTornValue(byte[] records) {
    try (KvStore<String, byte[]> store = openBytes(directory.resolve("host"))) {
      checkTornValue(store, records);
    }
  }

  /** Stores bytes where their records lie as records do, and damages the record that holds them. */
  private void checkTornValue(KvStore<String, byte[]> store, byte[] records) {
    store.put("kept", "1".getBytes(StandardCharsets.UTF_8));
    store.put("torn", records);
    StoreImage whole = StoreImage.of(directory.resolve("host"));
    List<LogLayout.Found> found = LogLayout.of(whole).records();
    LogLayout.Found torn = found.get(found.size() - 1);
    Path copy = directory.resolve("copy");
    for (int offset = torn.offset(); offset < torn.offset() + 200; offset++) {
      whole.flipped(torn.file(), offset, 0xFF).writeTo(copy);

      try (KvStore<String, byte[]> reopened = openBytes(copy)) {
        assertThat(reopened.size()).isEqualTo(1);
        assertThat(reopened.get("kept")).containsExactly('1');
        assertThat(reopened.stats().cutBytes()).isPositive();
      }
    }
  }

  private static KvStore<String, byte[]> openBytes(Path directory) {
    return KvStore.builder(Codecs.string(), Codecs.bytes())
        .directory(directory)
        .durability(Durability.PROCESS)
        .maxSegmentBytes(64 << 10)
        .open();
  }

  // ---- whole files

  @Test
  void missingSegmentIsRefused() {
    Sample sample = closedSample();
    for (String file : List.of(FIRST, SECOND, THIRD)) {
      check(sample, sample.image().without(file));
      check(sample, sample.image().with(file, new byte[0]));
      check(sample, sample.image().with(file, new byte[4096]));
    }
  }

  @Test
  void missingFileThatIsNamedIsRefused() {
    for (Sample sample : compactedSamples()) {
      List<String> needed = new ArrayList<>(LogLayout.of(sample.image()).files());
      needed.add(ListFile.NAME);
      for (String file : needed) {
        check(sample, sample.image().without(file));
        check(sample, sample.image().with(file, new byte[0]));
        check(sample, sample.image().with(file, new byte[4096]));
      }
    }
  }

  @Test
  void filesOfOthersGetAnotherNameOnceTheStoreIsWhole() {
    for (Sample sample : compactedSamples()) {
      byte[] old = sample.image().bytes("0000000002.segment");
      StoreImage more =
          sample
              .image()
              .with("0000000001.segment", old)
              .with("0000000004.segment", new byte[3])
              .with("0000000077.compacted", old)
              .with("segments.new", old);
      Path copy = directory.resolve("copy");
      more.writeTo(copy);

      try (KvStore<String, String> store = StoreDoor.open(copy, sample.durability(), storage)) {
        assertThat(entriesOf(store)).isEqualTo(entries(sample));
      }

      StoreImage now = StoreImage.of(copy);
      assertThat(now.names())
          .contains("0000000001.segment.stray", "0000000077.compacted.stray")
          .doesNotContain("0000000001.segment", "0000000004.segment", "0000000077.compacted");
      assertThat(now.bytes("0000000001.segment.stray")).isEqualTo(old);
      assertThat(now.bytes("0000000077.compacted.stray")).isEqualTo(old);
      assertThat(warnings.take(copy))
          .hasSize(2)
          .allMatch(warning -> warning.contains("is not of this store"));
    }
  }

  @Test
  void moreFilesOfOthersThanAnybodyMeansAreRefused() {
    Sample sample = compactedSamples().get(0);
    StoreImage more = sample.image();
    for (int i = 0; i <= ObsoleteSegments.MAX_STRAYS; i++) {
      byte[] records = sample.image().bytes("0000000002.segment");
      more = more.with("00000000%d.compacted".formatted(10 + i), records);
    }
    Path copy = directory.resolve("copy");
    more.writeTo(copy);

    assertThatThrownBy(() -> StoreDoor.open(copy, sample.durability(), storage))
        .isExactlyInstanceOf(KvStoreException.class)
        .hasMessageContaining("has over 32 files that the store does not know")
        .hasMessageContaining(".compacted");

    assertThat(StoreImage.of(copy).isSame(more)).isTrue();
  }

  @Test
  void leftoversOfARefusedStoreStay() {
    Sample sample = compactedSamples().get(0);
    String named = ListFile.of(sample.image()).compacted().get(0);
    StoreImage damaged =
        sample
            .image()
            .flipped(named, 50, 1)
            .with("0000000001.segment", sample.image().bytes("0000000002.segment"));

    check(sample, damaged);
  }

  @Test
  void swappedSegmentsAreRefused() {
    StoreImage image = closedSample().image();
    StoreImage swapped = image.with(FIRST, image.bytes(SECOND)).with(SECOND, image.bytes(FIRST));
    Path copy = directory.resolve("copy");
    swapped.writeTo(copy);

    assertThatThrownBy(() -> StoreDoor.open(copy, Durability.PROCESS, storage))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining(FIRST)
        .hasMessageContaining("segment 2");

    assertThat(StoreImage.of(copy).isSame(swapped)).isTrue();
  }

  @Test
  void foreignFilesAreLeftAlone() {
    Sample sample = closedSample();
    byte[] content = {1, 2, 3};
    StoreImage strays =
        sample
            .image()
            .with("notes.txt", content)
            .with("manifest.new", content)
            .with("1.segment", content)
            .with("0000000002.segment~", content)
            .with(".hidden", content);
    Path copy = directory.resolve("copy");
    strays.writeTo(copy);

    try (KvStore<String, String> store = StoreDoor.open(copy, Durability.PROCESS, storage)) {
      assertThat(entriesOf(store)).isEqualTo(entries(sample));
    }

    assertThat(StoreImage.of(copy).bytes("notes.txt")).isEqualTo(content);
    assertThat(StoreImage.of(copy).bytes("1.segment")).isEqualTo(content);
    assertThat(StoreImage.of(copy).bytes("0000000002.segment~")).isEqualTo(content);
    assertThat(StoreImage.of(copy).bytes(".hidden")).isEqualTo(content);
  }

  @Test
  void bytesBehindASegmentAreNoRecords() {
    Sample sample = closedSample();
    byte[] longer = Arrays.copyOf(sample.image().bytes(THIRD), 5000);
    longer[4500] = 1;
    Path copy = directory.resolve("copy");
    sample.image().with(THIRD, longer).writeTo(copy);

    try (KvStore<String, String> store = StoreDoor.open(copy, Durability.PROCESS, storage)) {
      assertThat(entriesOf(store)).isEqualTo(entries(sample));
    } catch (KvStoreException refused) {
      assertThat(refused).isInstanceOf(CorruptStoreException.class).hasMessageContaining(THIRD);
    }
  }

  private Sample closedSample() {
    return Sample.all(directory.resolve("samples")).stream()
        .filter(sample -> sample.name().equals("several-closed"))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> entries(Sample sample) {
    return sample.history().entriesAfter(sample.history().changes().size());
  }

  private void check(Sample sample, StoreImage damaged) {
    Expectation expected = Expectation.of(sample.image(), damaged, sample.history());
    assertThat(expected.entries()).isNull();
    new Reopening(directory.resolve("copy"), sample.durability(), warnings)
        .check(damaged, expected, "a segment is missing or blank");
  }
}
