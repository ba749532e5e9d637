package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentList;
import io.kvstore.log.LogTail;
import io.kvstore.log.RecoveredLog;
import io.kvstore.log.WriterTags;
import io.kvstore.segment.MadeSegment;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a torn tail, and what is damage: on logs that were never compacted. */
public class RecoveryRulesTest {
  @TempDir Path directory;
  private MadeLog log;

  /** Bytes of a put with a key of one letter, and those before its padding. */
  private static final int PUT = 24;

  private static final int PADDING = 2;

  @BeforeEach
  void createLog() {
    log = new MadeLog(directory);
  }

  private static MadeSegment sealedFirst() {
    return MadeSegment.of(1).put("a", 1).put("b", 2).mark(2).seal(2);
  }

  // ---- whole logs

  @Test
  void emptyDirectoryIsALogWithoutChanges() throws IOException {
    RecoveredLog opened = log.requireOpens(Map.of(), 0, 0);

    assertThat(opened.tail()).isNull();
    assertThat(opened.lastId()).isZero();
  }

  @Test
  void segmentWithoutRecordsIsTheTail() throws IOException {
    RecoveredLog opened = log.with(MadeSegment.of(1)).requireOpens(Map.of(), 0, 0);

    assertThat(opened.lastId()).isEqualTo(1);
    assertThat(opened.tail()).isNotNull();
    assertThat(opened.unsynced()).containsExactly(opened.tail());
  }

  @Test
  void lastSegmentIsTheTailAndTheOthersAreSynced() throws IOException {
    MadeSegment second = MadeSegment.of(2).put("a", 3).mark(3).seal(3);
    MadeSegment third = MadeSegment.of(3).delete("b", 4).mark(4).put("c", 5);

    RecoveredLog opened =
        log.with(sealedFirst(), second, third)
            .requireOpens(Map.of("a", 3L, "b", -4L, "c", 5L), 5, 0);

    assertThat(opened.lastId()).isEqualTo(3);
    assertThat(opened.segments().list()).extracting(Segment::id).containsExactly(1L, 2L, 3L);
    assertThat(opened.segments().list()).contains(opened.tail());
    assertThat(opened.tail()).extracting(Segment::end).isEqualTo(third.end());
    assertThat(opened.segments().totals().liveBytes()).isEqualTo(4 * PUT);
    assertThat(opened.activeSince()).isEqualTo(3);
    assertThat(opened.markedSequence()).isEqualTo(4);
    assertThat(opened.syncedSequence()).isEqualTo(4);
    assertThat(opened.unsynced()).containsExactly(opened.tail());
  }

  @Test
  void sealedSegmentIsNotKnownToBeSyncedBeforeAMarkBehindItsLastChange() throws IOException {
    MadeSegment second = MadeSegment.of(2).put("a", 3).seal(3);
    MadeSegment third = MadeSegment.of(3).mark(3);

    RecoveredLog opened =
        log.with(sealedFirst(), second, third).requireOpens(Map.of("a", 3L, "b", 2L), 3, 0);

    assertThat(opened.unsynced()).extracting(Segment::id).containsExactly(2L, 3L);
  }

  @Test
  void firstSegmentIsNotKnownToBeSyncedEither() throws IOException {
    MadeSegment first = MadeSegment.of(1).put("a", 1).seal(1);

    RecoveredLog opened = log.with(first, MadeSegment.of(2)).requireOpens(Map.of("a", 1L), 1, 0);

    assertThat(opened.unsynced()).extracting(Segment::id).containsExactly(1L, 2L);
  }

  @Test
  void changesOfOneBatchCountTogether() throws IOException {
    log.with(MadeSegment.of(1).begin("a", 1).begin("b", 2).put("c", 3));

    log.requireOpens(Map.of("a", 1L, "b", 2L, "c", 3L), 3, 0);
  }

  @Test
  void tailThatWasCutShortIsMadeLongAgain() throws IOException {
    MadeSegment first = MadeSegment.of(1).put("a", 1);
    log.with(first.name(), Arrays.copyOf(first.toBytes(), first.end()));

    RecoveredLog opened = log.requireOpens(Map.of("a", 1L), 1, 0);

    assertThat(opened.tail()).isNotNull();
    assertThat(directory.resolve(first.name())).hasSize(MadeSegment.CAPACITY);
  }

  // ---- torn tails

  @Test
  void tornRecordIsCut() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged());

    log.requireOpens(Map.of("a", 1L), 1, PUT - PADDING);
  }

  @Test
  void tornBatchIsCutAsAWhole() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).begin("b", 2).begin("c", 3).put("d", 4).damaged());

    log.requireOpens(Map.of("a", 1L), 1, 3 * PUT - PADDING);
  }

  @Test
  void firstRecordMayBeTorn() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).damaged());

    log.requireOpens(Map.of(), 0, PUT - PADDING);
  }

  @Test
  void whatIsWholeBehindATornRecordIsCutWithIt() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged().put("c", 3));

    log.requireOpens(Map.of("a", 1L), 1, 2 * PUT - PADDING);
  }

  @Test
  void markOfWhatIsWholeMayLieBehindATornRecord() throws IOException {
    MadeSegment first = MadeSegment.of(1).put("a", 1).put("b", 2).damaged().mark(1);

    log.with(first).requireOpens(Map.of("a", 1L), 1, 2 * PUT - 3L);
  }

  @Test
  void laterSegmentsOfATornTailGetAnotherName() throws IOException {
    MadeSegment second = MadeSegment.of(2).put("c", 3).put("d", 4).seal(4);
    MadeSegment third = MadeSegment.of(3).put("e", 5);
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged(), second, third);
    long cut = PUT - PADDING + second.end() - 32L + third.end() - 32L;

    log.requireOpens(Map.of("a", 1L), 1, cut);

    assertThat(log.names())
        .containsExactly("0000000001.segment", "0000000002.segment.cut", "0000000003.segment.cut");
  }

  @Test
  void laterSegmentsBehindOneThatIsNotSealedAreATornTailToo() throws IOException {
    MadeSegment second = MadeSegment.of(2).put("b", 2);
    log.with(MadeSegment.of(1).put("a", 1), second);

    log.requireOpens(Map.of("a", 1L), 1, second.end() - 32L);

    assertThat(log.names()).containsExactly("0000000001.segment", "0000000002.segment.cut");
  }

  @Test
  void laterSegmentsWithoutRecordsAreDeleted() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged(), MadeSegment.of(2));

    log.requireOpens(Map.of("a", 1L), 1, PUT - PADDING);

    assertThat(log.names()).containsExactly("0000000001.segment");
  }

  @Test
  void segmentsThatWereMadeAheadAreDeleted() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1), MadeSegment.of(2), MadeSegment.of(3));

    RecoveredLog opened = log.requireOpens(Map.of("a", 1L), 1, 0);

    assertThat(opened.lastId()).isEqualTo(1);
    assertThat(opened.segments().list()).containsExactly(opened.tail());
    assertThat(opened.segments().retired().segments()).as("places that are kept").isZero();
    assertThat(log.names()).containsExactly("0000000001.segment");
  }

  @Test
  void blankFilesBehindTheTailAreDeleted() throws IOException {
    byte[] blank = new byte[MadeSegment.CAPACITY];
    log.with(MadeSegment.of(1).put("a", 1));
    log.with("0000000002.segment", blank).with("0000000003.segment", new byte[0]);

    log.requireOpens(Map.of("a", 1L), 1, 0);

    assertThat(log.names()).containsExactly("0000000001.segment");
  }

  // ---- what had been synced

  @Test
  void damageOfAMarkedChangeIsRefused() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged().mark(2));

    assertThat(log.requireRefused("no whole record of change 2, though 2 were synced").offset())
        .isEqualTo(32 + PUT);
  }

  @Test
  void damageOfAMarkedChangeInALaterSegmentIsRefused() throws IOException {
    log.with(sealedFirst(), MadeSegment.of(2).put("c", 3).seal(3));
    log.with(MadeSegment.of(3).put("d", 4).damaged().mark(4));

    assertThat(log.requireRefused("no whole record of change 4, though 4 were synced").file())
        .hasFileName("0000000003.segment");
  }

  @Test
  void damageOfTheFirstMarkedChangeIsRefused() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).damaged().mark(1));

    log.requireRefused("no whole record of change 1, though 1 were synced");
  }

  @Test
  void markInALaterSegmentTellsOfTheOneThatIsTorn() throws IOException {
    MadeSegment second = MadeSegment.of(2).put("c", 3).mark(3);
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged(), second);

    log.requireRefused("no whole record of change 2, though 3 were synced");
  }

  @Test
  void markBehindDamageInALaterSegmentTellsOfTheOneThatIsTorn() throws IOException {
    MadeSegment second = MadeSegment.of(2).put("c", 3).damaged().mark(3);
    log.with(MadeSegment.of(1).put("a", 1).put("b", 2).damaged(), second);

    log.requireRefused("no whole record of change 2, though 3 were synced");
  }

  @Test
  void markOfMoreThanThereIsIsRefused() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).mark(2));

    log.requireRefused("no whole record of change 2, though 2 were synced");
  }

  // ---- files that are not there

  @Test
  void segmentBehindASealedOneIsMissed() throws IOException {
    assertThat(log.with(sealedFirst()).requireRefused("though the one before is sealed").file())
        .hasFileName("0000000002.segment");
  }

  @Test
  void segmentBehindASealedOneMustNotBeBlank() throws IOException {
    log.with(sealedFirst()).with("0000000002.segment", new byte[MadeSegment.CAPACITY]);

    log.requireRefused("though the one before is sealed");
  }

  @Test
  void gapIsRefused() throws IOException {
    log.with(sealedFirst(), MadeSegment.of(3).put("c", 3));

    assertThat(log.requireRefused("the file is missing, though").file())
        .hasFileName("0000000002.segment");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 16, 20, 24, 28})
  void damagedHeaderIsRefused(int at) throws IOException {
    log.with(MadeSegment.of(1).put("a", 1).damagedAt(at));

    log.requireRefused("the header of the segment is not whole");
  }

  @Test
  void damagedHeaderBehindABlankFileIsRefused() throws IOException {
    log.with(MadeSegment.of(1).put("a", 1), MadeSegment.of(3).put("c", 3).damagedAt(0));
    log.with("0000000002.segment", new byte[MadeSegment.CAPACITY]);

    log.requireRefused("the header of the segment is not whole");
  }

  @Test
  void fileOfAnotherSegmentIsRefused() throws IOException {
    log.with("0000000001.segment", MadeSegment.of(2).put("a", 1).toBytes());

    log.requireRefused("this is the file of segment 2");
  }

  @Test
  void compactedSegmentIsNoneOfTheLog() throws IOException {
    log.with("0000000001.segment", MadeSegment.compacted(1).put("a", 1).toBytes());

    log.requireRefused("this is the file of segment 1");
  }

  // ---- files of different times

  @Test
  void segmentThatTheSealBeforeDoesNotNameIsRefused() throws IOException {
    MadeSegment first = MadeSegment.of(1).put("a", 1).seal(1, MadeSegment.secret(2) + 1);
    log.with(first, MadeSegment.of(2).put("b", 2));

    log.requireRefused("this is not the segment that follows segment 1");
  }

  @Test
  void sealOfAnOldVersionNamesNoSegment() throws IOException {
    MadeSegment first = MadeSegment.of(1).put("a", 1).seal(1, 0);
    log.with(first, MadeSegment.of(2).put("b", 2));

    log.requireOpens(Map.of("a", 1L, "b", 2L), 2, 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 4})
  void gapInTheChangesIsRefused(long sequence) throws IOException {
    log.with(sealedFirst(), MadeSegment.of(2).put("c", sequence));

    log.requireRefused("change " + sequence + " follows change 2");
  }

  @Test
  void firstChangeIsTheFirst() throws IOException {
    log.with(MadeSegment.of(1).put("b", 2));

    log.requireRefused("change 2 follows change 0");
  }

  // ---- what the history says

  private static WriterTags left(int secret) {
    return new WriterTags() {
      @Override
      public int own() {
        return 0;
      }

      @Override
      public int claim() {
        return 0;
      }

      @Override
      public boolean isKnown(int tag) {
        return false;
      }

      @Override
      public LogTail left() {
        return new LogTail(2, secret, 0);
      }
    };
  }

  private void requireRefusedAsAnother(WriterTags tags) {
    LatestChanges target = new LatestChanges(null, false);
    assertThatThrownBy(() -> log.recover(target, tags))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("this is not the segment of the history");
    assertThat(target.finished()).isZero();
  }

  @Test
  void otherSegmentThanTheHistoryWasLeftWithIsRefused() throws IOException {
    log.with(sealedFirst(), MadeSegment.of(2).put("c", 3));

    requireRefusedAsAnother(left(MadeSegment.secret(2) + 1));
    WriterTags same = left(MadeSegment.secret(2));
    assertThat(log.recover(new LatestChanges(null, false), same).sequence()).isEqualTo(3);
  }

  @Test
  void otherSegmentIsRefusedThoughTheListNamesIt() throws IOException {
    MadeSegment second = MadeSegment.of(2).put("c", 3).seal(3);
    SealedIds named = new SealedIds();
    named.add(2, second.last().checksum());
    log.with(second, MadeSegment.of(3).put("d", 4));
    log.with(new SegmentList(2, 3, 3, null, named, new SealedIds(), SegmentList.Dropped.none()));

    requireRefusedAsAnother(left(MadeSegment.secret(2) + 1));
  }

  @Test
  void otherSegmentIsRefusedThoughTheListHasDroppedIt() throws IOException {
    MadeSegment second = MadeSegment.of(2).put("c", 3).seal(3);
    SegmentList.Dropped dropped = SegmentList.Dropped.none();
    dropped.add(SegmentHeader.LOG, 2, second.last().checksum());
    log.with(second, MadeSegment.of(3).put("d", 4));
    log.with(new SegmentList(2, 3, 3, null, new SealedIds(), new SealedIds(), dropped));

    requireRefusedAsAnother(left(MadeSegment.secret(2) + 1));
    assertThat(log.recover().sequence()).isEqualTo(4);
  }
}
