package io.kvstore.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.KvStoreException;
import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentList;
import io.kvstore.log.LogTail;
import io.kvstore.log.RecoveredLog;
import io.kvstore.log.WriterTags;
import io.kvstore.recovery.LatestChanges;
import io.kvstore.recovery.MadeLog;
import io.kvstore.segment.MadeSegment;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The files that belong to a compacted log, and the handling of others: segment 1 of the log was
 * rewritten, 2 remains, and 3 is the active one.
 */
class CompactedRulesTest {
  private static final int TAG = 0x77;
  private static final Map<String, Long> WHOLE = Map.of("a", 1L, "b", -3L, "c", 4L, "d", 5L);

  @TempDir Path directory;
  private MadeLog log;
  private MadeSegment compacted;
  private MadeSegment second;
  private MadeSegment third;

  @BeforeEach
  void createLog() {
    log = new MadeLog(directory);
    compacted = MadeSegment.compacted(1).put("a", 1).seal(4, TAG);
    second = MadeSegment.of(2).delete("b", 3).put("c", 4).seal(4);
    third = MadeSegment.of(3).mark(4).put("d", 5);
  }

  private static SealedIds ids(MadeSegment... segments) {
    SealedIds ids = new SealedIds();
    for (MadeSegment segment : segments) {
      ids.add(segment.header().id(), segment.last().checksum());
    }
    return ids;
  }

  private SegmentList list() {
    return list(4, 4, next(), SegmentList.Dropped.none());
  }

  private SegmentList list(
      long before, long synced, SegmentList.Next next, SegmentList.Dropped dropped) {
    return new SegmentList(2, before, synced, next, ids(second), ids(compacted), dropped);
  }

  private SegmentList.Next next() {
    return new SegmentList.Next(
        third.header().secret(), new RecordFingerprint(32, anchorChecksum(third)));
  }

  private static int anchorChecksum(MadeSegment segment) {
    return ByteBuffer.wrap(segment.toBytes()).order(ByteOrder.LITTLE_ENDIAN).getInt(32);
  }

  private MadeLog whole() throws IOException {
    return log.with(compacted, second, third).with(list());
  }

  @Test
  void namedSegmentsAndTheChainBehindAreTheLog() throws IOException {
    RecoveredLog opened = whole().requireOpens(WHOLE, 5, 0);

    assertThat(opened.activeSince()).isEqualTo(4);
    assertThat(opened.syncedSequence()).isEqualTo(4);
    assertThat(opened.unsynced()).containsExactly(opened.tail());
    assertThat(opened.lastId()).isEqualTo(3);
  }

  @Test
  void listOfAnOldVersionSaysNotWhatFollows() throws IOException {
    log.with(compacted, second, third).with(list(4, 4, null, SegmentList.Dropped.none()));

    log.requireOpens(WHOLE, 5, 0);
  }

  // ---- files that are needed

  @ParameterizedTest
  @ValueSource(strings = {"0000000001.compacted", "0000000002.segment", "0000000003.segment"})
  void eachOfTheFilesIsNeeded(String file) throws IOException {
    whole().without(file);

    assertThat(log.requireRefused("the file is missing").file()).hasFileName(file);
  }

  @Test
  void theListIsNeeded() throws IOException {
    whole().without("segments");

    log.requireRefused("the list of segments is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000001.compacted", "0000000002.segment", "0000000003.segment"})
  void noneOfTheFilesMayBeBlank(String file) throws IOException {
    whole().with(file, new byte[MadeSegment.CAPACITY]);

    assertThat(log.requireRefused("").file()).hasFileName(file);
  }

  @Test
  void namedSegmentWithoutItsSealIsRefused() throws IOException {
    MadeSegment unsealed = MadeSegment.of(2).delete("b", 3).put("c", 4);
    whole().with(unsealed);

    assertThat(log.requireRefused("though the segment had been sealed and synced").offset())
        .isEqualTo(unsealed.end());
  }

  @Test
  void damagedNamedSegmentIsRefused() throws IOException {
    whole().with(compacted.damagedAt(32 + 20));

    assertThat(log.requireRefused("though the segment had been sealed and synced").offset())
        .isEqualTo(32);
  }

  @Test
  void tornTailOfTheChainIsCut() throws IOException {
    whole().with(third.damaged());

    log.requireOpens(Map.of("a", 1L, "b", -3L, "c", 4L), 4, 22);
  }

  @Test
  void laterSegmentsBehindATornOneAreCutWithIt() throws IOException {
    MadeSegment sealed = third.seal(5);
    MadeSegment fourth = MadeSegment.of(4).put("e", 6);
    MadeSegment fifth = MadeSegment.of(5).put("f", 7);
    whole().with(sealed, fourth.damaged(), fifth);

    log.requireOpens(WHOLE, 5, 22 + 24);

    assertThat(log.names()).contains("0000000005.segment.cut").doesNotContain(fifth.name());
  }

  @Test
  void laterSegmentThatDoesNotFollowIsRefused() throws IOException {
    MadeSegment sealed = third.seal(5);
    whole().with(sealed, MadeSegment.of(4).put("e", 6).seal(6));
    log.with(MadeSegment.of(5).stranger().put("f", 7));

    assertThat(log.requireRefused("this is not the segment that follows segment 4").file())
        .hasFileName("0000000005.segment");
  }

  @Test
  void sealedSegmentBehindTheListIsNotKnownToBeSynced() throws IOException {
    whole().with(third.seal(5), MadeSegment.of(4));

    assertThat(log.recover().unsynced()).extracting(Segment::id).containsExactly(3L, 4L);
    assertThat(log.recover().activeSince()).isEqualTo(5);
  }

  @Test
  void chainThatLacksWhatTheListSaysWasSyncedIsRefused() throws IOException {
    whole().with(list(4, 5, next(), SegmentList.Dropped.none())).with(third.damaged());

    assertThat(log.requireRefused("no whole record of change 5, though 5 were synced").file())
        .hasFileName("0000000003.segment");
  }

  // ---- files of other times

  @Test
  void segmentThatIsNotTheNamedOneIsRefused() throws IOException {
    whole().with(second.stranger().delete("b", 3).put("c", 4).seal(4));

    log.requireRefused("this is not the segment that the file segments names");
  }

  @Test
  void compactedSegmentThatIsNotTheNamedOneIsRefused() throws IOException {
    whole().with(compacted.stranger().put("a", 1).seal(4, TAG));

    log.requireRefused("this is not the segment that the file segments names");
  }

  @Test
  void namedSegmentWithMoreThanTheListKnowsOfIsRefused() throws IOException {
    whole().with(list(3, 3, next(), SegmentList.Dropped.none()));

    log.requireRefused("there is change 4, though the file segments ends at 3");
  }

  @Test
  void otherSegmentThanTheListGoesOnWithIsRefused() throws IOException {
    SegmentList.Next other = new SegmentList.Next(4711, next().anchor());
    whole().with(list(4, 4, other, SegmentList.Dropped.none()));

    log.requireRefused("this is not the segment that follows the file segments");
  }

  @Test
  void segmentWithoutTheRecordThatTheListKnowsIsRefused() throws IOException {
    SegmentList.Next other =
        new SegmentList.Next(third.header().secret(), new RecordFingerprint(32, 4711));
    whole().with(list(4, 4, other, SegmentList.Dropped.none()));

    log.requireRefused("this is not the segment that the file segments goes on with");
  }

  @Test
  void recordThatTheListKnowsMayLieInATornTail() throws IOException {
    SegmentList.Next behind = new SegmentList.Next(third.header().secret(), third.last());
    whole().with(list(4, 4, behind, SegmentList.Dropped.none())).with(third.damaged());

    log.requireOpens(Map.of("a", 1L, "b", -3L, "c", 4L), 4, 22);
  }

  @Test
  void gapBehindTheListIsRefused() throws IOException {
    whole().with(list(4, 4, null, SegmentList.Dropped.none()));
    log.with(MadeSegment.of(3).put("d", 6));

    log.requireRefused("change 6 follows change 4");
  }

  @Test
  void namedSegmentsOverlapInNoChange() throws IOException {
    MadeSegment again = MadeSegment.of(3).put("d", 4).seal(4);
    MadeSegment fourth = MadeSegment.of(4).put("e", 5);
    log.with(second, again, fourth);
    log.with(new SegmentList(3, 4, 4, null, ids(second, again), ids(), SegmentList.Dropped.none()));

    log.requireRefused("change 4 follows change 4");
  }

  // ---- files that are left over

  private List<String> namesAfterOpening() throws IOException {
    log.requireOpens(WHOLE, 5, 0);
    List<String> names = log.names();
    assertThat(names)
        .contains("0000000001.compacted", "0000000002.segment", "0000000003.segment", "segments");
    return names.stream()
        .filter(name -> !name.matches("0000000001.compacted|000000000[23].segment|segments"))
        .toList();
  }

  @Test
  void compactedSegmentThatWasNotFinishedIsDeleted() throws IOException {
    whole().with(MadeSegment.compacted(2).put("a", 1));

    assertThat(namesAfterOpening()).isEmpty();
  }

  @Test
  void compactedSegmentThatIsNotKnownIsKept() throws IOException {
    whole().with(MadeSegment.compacted(2).put("x", 1).seal(4, TAG));

    assertThat(namesAfterOpening()).containsExactly("0000000002.compacted.stray");
  }

  @Test
  void compactedSegmentOfAnOpeningBeforeIsDeleted() throws IOException {
    whole().with(MadeSegment.compacted(2).put("a", 1).seal(4, TAG));

    log.recover(new LatestChanges(null, false), tags(TAG));

    assertThat(namesAfterOpening()).isEmpty();
  }

  private static WriterTags tags(int known) {
    return new WriterTags() {
      @Override
      public int own() {
        return known;
      }

      @Override
      public int claim() {
        return known;
      }

      @Override
      public boolean isKnown(int tag) {
        return tag == known;
      }

      @Override
      public LogTail left() {
        return LogTail.NONE;
      }
    };
  }

  @Test
  void droppedSegmentsAreDeleted() throws IOException {
    MadeSegment first = MadeSegment.of(1).put("a", 1).put("b", 2).seal(2);
    MadeSegment old = MadeSegment.compacted(7).put("a", 1).seal(2, TAG);
    SegmentList.Dropped dropped = new SegmentList.Dropped(ids(first), ids(old));
    whole().with(first, old).with(list(4, 4, next(), dropped));

    assertThat(namesAfterOpening()).isEmpty();
  }

  @Test
  void segmentsThatOnlyHaveTheIdOfADroppedOneAreKept() throws IOException {
    MadeSegment first = MadeSegment.of(1).put("a", 1).put("b", 2).seal(2);
    MadeSegment old = MadeSegment.compacted(7).put("a", 1).seal(2, TAG);
    SegmentList.Dropped dropped = new SegmentList.Dropped(ids(first), ids(old));
    whole().with(list(4, 4, next(), dropped));
    log.with(first.stranger().put("a", 1).put("b", 2).seal(2));
    log.with(old.stranger().put("a", 1).seal(2, TAG));

    assertThat(namesAfterOpening())
        .containsExactly("0000000001.segment.stray", "0000000007.compacted.stray");
  }

  @Test
  void segmentOfTheLogThatIsNotSealedIsKept() throws IOException {
    whole().with(MadeSegment.of(1).put("x", 1));

    assertThat(namesAfterOpening()).containsExactly("0000000001.segment.stray");
  }

  @Test
  void strayGetsANameThatIsFree() throws IOException {
    byte[] other = {1};
    whole().with(MadeSegment.of(1).put("x", 1)).with("0000000001.segment.stray", other);
    log.with("0000000001.segment.stray2", other);

    assertThat(namesAfterOpening())
        .containsExactly(
            "0000000001.segment.stray", "0000000001.segment.stray2", "0000000001.segment.stray3");
    assertThat(directory.resolve("0000000001.segment.stray")).hasBinaryContent(other);
  }

  @ParameterizedTest
  @CsvSource({"KVS, true", "'', true", "KVX, false", "text, false"})
  void fileWithoutAHeaderIsDeletedIfItIsTheStartOfOne(String start, boolean deleted)
      throws IOException {
    whole().with("0000000001.segment", start.getBytes(StandardCharsets.US_ASCII));

    assertThat(namesAfterOpening())
        .isEqualTo(deleted ? List.of() : List.of("0000000001.segment.stray"));
  }

  @Test
  void fileWithRecordsAndNoHeaderIsKept() throws IOException {
    whole().with(MadeSegment.compacted(2).put("a", 1).damagedAt(0));

    assertThat(namesAfterOpening()).containsExactly("0000000002.compacted.stray");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3})
  void fileWithTheHeaderOfAnotherIsKept(long id) throws IOException {
    byte[] bytes =
        id == 1
            ? MadeSegment.of(2).put("a", 1).toBytes() // of the right id, and the wrong kind
            : MadeSegment.compacted(id).put("a", 1).toBytes();
    whole().with("0000000002.compacted", bytes);

    assertThat(namesAfterOpening()).containsExactly("0000000002.compacted.stray");
  }

  @ParameterizedTest
  @CsvSource({"31, true", "32, false"})
  void tooManyStraysAreForSomebodyToLookAt(int before, boolean opens) throws IOException {
    for (int i = 0; i < before; i++) {
      Files.createFile(directory.resolve("0000000009.segment.stray" + (i == 0 ? "" : i)));
    }
    whole().with(MadeSegment.of(1).put("x", 1));

    if (opens) {
      assertThat(namesAfterOpening()).hasSize(before + 1);
    } else {
      assertThatThrownBy(log::recover)
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining("files that the store does not know");
      assertThat(directory.resolve("0000000001.segment")).exists();
    }
  }

  @Test
  void strayOfBeforeAreInNobodysWay() throws IOException {
    for (int i = 0; i < 40; i++) {
      Files.createFile(directory.resolve("0000000009.segment.stray" + (i == 0 ? "" : i)));
    }

    assertThat(whole().recover().sequence()).isEqualTo(5);
  }

  @Test
  void onlyTheLatestFilesOfEarlierCutsAreKept() throws IOException {
    for (int i = 0; i < 10; i++) {
      Path cut = directory.resolve("0000000004.segment.cut" + (i == 0 ? "" : i));
      Files.createFile(cut);
      assertThat(cut.toFile().setLastModified(1_000_000L * (20 + i * 7 % 10))).isTrue();
    }
    whole().with(MadeSegment.of(4).put("e", 6));

    log.recover();

    assertThat(log.names().stream().filter(name -> name.contains("cut")))
        .hasSize(9)
        .contains("0000000004.segment.cut", "0000000004.segment.cut1", "0000000004.segment.cut2")
        .doesNotContain("0000000004.segment.cut3");
  }
}
