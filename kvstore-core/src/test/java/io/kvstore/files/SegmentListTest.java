package io.kvstore.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.platform.Storage;
import io.kvstore.platform.TextChecksum;
import io.kvstore.record.Location;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.SegmentHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentListTest {
  @TempDir Path directory;

  @Test
  void listIsReadAsItWasWritten() throws IOException {
    SegmentList.Next next = new SegmentList.Next(0xabc, new RecordFingerprint(4_711, 0xf0000001));
    SegmentList.Dropped dropped = new SegmentList.Dropped(ids(10, 16), ids(4));
    SegmentList list =
        new SegmentList(17, 81_234, 81_300, next, ids(9, 11, 12, 17), ids(3, 5), dropped);
    Files.write(directory.resolve("segments"), list.toBytes().array());

    assertThat(Files.readString(directory.resolve("segments")))
        .startsWith(
            """
            kvstore segments
            through 17
            before 81234
            synced 81300
            next 00000abc 4711 f0000001
            log 9:80000009 11:8000000b 12:8000000c 17:80000011
            compacted 3:80000003 5:80000005
            dropped 10:8000000a 16:80000010
            dropped-compacted 4:80000004
            checksum\s""");
    assertThat(SegmentList.read(directory)).isEqualTo(list);
  }

  @Test
  void listIsTheSameInEveryLocale() throws IOException {
    SegmentList list = listOf(17, ids(9, 11, 12, 17));
    byte[] here = list.toBytes().array();
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat(list.toBytes().array()).isEqualTo(here);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void listWithoutSegmentsIsRead() throws IOException {
    SegmentList list = listOf(1, ids());
    Files.write(directory.resolve("segments"), list.toBytes().array());

    assertThat(SegmentList.read(directory)).isEqualTo(list);
  }

  @Test
  void listOfAsManySegmentsAsThereCanBeIsRead() throws IOException {
    long[] odd = LongStream.range(0, Location.MAX_SEGMENTS / 2).map(i -> 2 * i + 1).toArray();
    SegmentList list = listOf(1 << 20, ids(odd));
    Files.write(directory.resolve("segments"), list.toBytes().array());

    assertThat(SegmentList.read(directory)).isEqualTo(list);
  }

  @Test
  void listOfMoreSegmentsThanThereCanBeIsRefused() throws IOException {
    SegmentList most = listOf(17, ids(upTo(2 * Location.MAX_SEGMENTS)));
    Files.write(directory.resolve("segments"), most.toBytes().array());
    assertThat(SegmentList.read(directory)).isEqualTo(most);

    SegmentList more = listOf(17, ids(upTo(2 * Location.MAX_SEGMENTS + 1)));
    Files.write(directory.resolve("segments"), more.toBytes().array());

    assertThatThrownBy(() -> SegmentList.read(directory)).isInstanceOf(CorruptStoreException.class);
  }

  private static long[] upTo(long last) {
    return LongStream.rangeClosed(1, last).toArray();
  }

  // ---- a missing list

  @Test
  void wholeLogBesideWhatAFirstRoundHasWrittenNeedsNoList() throws IOException {
    createSegments(SegmentHeader.LOG, 1, 2, 3);
    createSegments(SegmentHeader.COMPACTED, 1);

    assertThat(SegmentList.of(files())).isNull();
  }

  @Test
  void logThatWasNeverCompactedNeedsNoList() throws IOException {
    createSegments(SegmentHeader.LOG, 1, 3);

    assertThat(SegmentList.of(files())).isNull(); // the gap is for recovery to refuse
  }

  @Test
  void listIsMissedWhereCompactionHasTakenSegmentsOut() throws IOException {
    createSegments(SegmentHeader.LOG, 1, 3);
    createSegments(SegmentHeader.COMPACTED, 1);

    assertThatThrownBy(() -> SegmentList.of(files()))
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("list of segments is missing");
  }

  @Test
  void listIsMissedWhereNothingIsLeftOfTheLog() throws IOException {
    createSegments(SegmentHeader.COMPACTED, 1);

    assertThatThrownBy(() -> SegmentList.of(files())).isInstanceOf(CorruptStoreException.class);
  }

  private SegmentFiles files() {
    return new SegmentFiles(directory, Storage.FILES, false);
  }

  private void createSegments(int kind, long... ids) throws IOException {
    for (long id : ids) {
      Files.createFile(files().path(id, kind));
    }
  }

  @Test
  void anyByteThatChangesIsDetected() throws IOException {
    Path file = directory.resolve("segments");
    byte[] whole = listOf(17, ids(9, 11, 12)).toBytes().array();
    for (int i = 0; i < whole.length; i++) {
      for (int pattern : new int[] {1, 0x10, 0xFF}) {
        byte[] damaged = whole.clone();
        damaged[i] ^= (byte) pattern;
        Files.write(file, damaged);

        assertThatThrownBy(() -> SegmentList.read(directory))
            .isInstanceOf(CorruptStoreException.class);
      }
    }
  }

  @Test
  void listOfFormat2IsReadWithoutChecksums() throws IOException {
    String body =
        """
        kvstore segments
        through 17
        before 8
        synced 9
        log 9 11-12 17
        compacted 3 5-7
        """;
    Files.writeString(
        directory.resolve("segments"), body + "checksum " + TextChecksum.of(body) + "\n");

    SegmentList list = Objects.requireNonNull(SegmentList.read(directory));

    assertThat(list.log().ids()).containsExactly(9L, 11L, 12L, 17L);
    assertThat(list.compacted().ids()).containsExactly(3L, 5L, 6L, 7L);
    assertThat(list.next()).isNull();
    assertThat(list.log().canBe(9, 4)).isTrue();
    assertThat(list.log().isFor(9, 4)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"log :", "log 9:abc:1", "log a", "log 1-99999999999", "log 3:ffffffffff"})
  void listThatMakesNoSenseIsRefusedThoughItsChecksumIsRight(String log) throws IOException {
    String body = "kvstore segments\nthrough 17\nbefore 8\nsynced 9\n" + log + "\ncompacted\n";
    Files.writeString(
        directory.resolve("segments"), body + "checksum " + TextChecksum.of(body) + "\n");

    assertThatThrownBy(() -> SegmentList.read(directory)).isInstanceOf(CorruptStoreException.class);
  }

  private static SegmentList listOf(long through, SealedIds ids) {
    return new SegmentList(through, 5, 5, null, ids, ids, SegmentList.Dropped.none());
  }

  private static SealedIds ids(long... ids) {
    SealedIds all = new SealedIds();
    for (long id : ids) {
      all.add(id, (int) id | 1 << 31);
    }
    return all;
  }
}
