package io.kvstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.record.Location;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentScannerTest {
  /** What a scanner takes in at once. */
  private static final int BUFFER = 256 << 10;

  private static final int CAPACITY = 4 << 20;
  private static final SegmentHeader LARGE = new SegmentHeader(1, CAPACITY, 99, SegmentHeader.LOG);

  @TempDir Path directory;

  private final LongAdder bytesDone = new LongAdder();
  private final SegmentScanner scanner = new SegmentScanner(bytesDone);
  private FileChannel file;

  @AfterEach
  void closeFile() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  private void use(MadeSegment segment) throws IOException {
    use(segment.header(), segment.toBytes());
  }

  private void use(SegmentHeader header, byte[] bytes) throws IOException {
    closeFile();
    Path path = Files.write(directory.resolve("segment"), bytes);
    file = FileChannel.open(path, StandardOpenOption.READ);
    scanner.use(file, header);
  }

  private SegmentScan scan() throws IOException {
    return scanner.scan(0, SegmentScan.START, RecordVisitor.NOBODY);
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(StandardCharsets.US_ASCII);
  }

  // ---- records of all sizes

  /** A change, as written or as scanned. */
  private record Change(String key, boolean deletes, long sequence, long location) {}

  @Test
  void recordsOfAllSizesAreFoundWhereverTheyLie() throws IOException {
    Random random = new Random(1);
    MadeSegment segment = MadeSegment.with(LARGE);
    List<Change> written = new ArrayList<>();
    long putBytes = 0;
    long tombstones = 0;
    int sequence = 0;
    for (int i = 0; segment.end() < CAPACITY - 2 * BUFFER - (1 << 17); i++) {
      byte[] key = Arrays.copyOf(key(i), i % 50 == 49 ? 60_000 : 8);
      int length = i % 40 == 39 ? BUFFER - 70 + random.nextInt(100) : random.nextInt(9_000);
      LogRecord put =
          LogRecord.put(key, new byte[length], i % 3 == 0 ? 5_000 - i : RecordFormat.NO_DEADLINE);
      LogRecord change = i % 7 == 6 ? LogRecord.tombstone(key) : put;
      if (i % 4 != 3) {
        change.setMore();
      }
      segment.add(change, ++sequence);
      int at = segment.end() - change.size();
      written.add(new Change(text(key), i % 7 == 6, sequence, Location.of(3, at)));
      putBytes += i % 7 == 6 ? 0 : change.size();
      tombstones += i % 7 == 6 ? change.size() : 0;
      if (i % 4 == 3) {
        segment.mark(sequence - 1);
      }
    }
    segment.put("last", ++sequence).seal(sequence, 42);
    written.add(new Change("last", false, sequence, Location.of(3, segment.lastAt() - 32)));
    use(segment);

    List<Change> found = new ArrayList<>();
    SegmentScan scan = scanner.scan(3, SegmentScan.START, collecting(found));

    assertThat(found).isEqualTo(written);
    assertThat(scan.end()).isEqualTo(segment.end());
    assertThat(scan.sealed()).isTrue();
    assertThat(scan.damaged()).isFalse();
    assertThat(scan.lastSequence()).isEqualTo(sequence);
    assertThat(scan.pin()).isEqualTo(1);
    assertThat(scan.putBytes()).isEqualTo(putBytes + 32);
    assertThat(scan.tombstoneBytes()).isEqualTo(tombstones);
    assertThat(scan.bonds()).isEqualTo(new SegmentLinks(segment.last(), 42, MadeSegment.WRITER));
    assertThat(
            scanner.counts().count(RecordFormat.PUT)
                + scanner.counts().count(RecordFormat.TOMBSTONE))
        .isEqualTo(written.size());
    assertThat(scanner.counts().bytes(RecordFormat.PUT)).isEqualTo(putBytes + 32);
    assertThat(bytesDone.sum()).isGreaterThanOrEqualTo(segment.end() - 32L);
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  private static RecordVisitor collecting(List<Change> found) {
    byte[] key = new byte[1 << 16];
    return new RecordVisitor() {
      @Override
      public void visit(ScannedRecord change) {
        String name = text(Arrays.copyOf(key, change.copyKey(key)));
        found.add(new Change(name, change.isTombstone(), change.sequence(), change.location()));
      }

      @Override
      public void finish() {}
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {10, BUFFER - 60, BUFFER - 36, BUFFER - 32, BUFFER - 28, BUFFER, 3 * BUFFER})
  void deadlineIsFoundBehindAValueOfAnyLength(int length) throws IOException {
    MadeSegment segment = MadeSegment.with(LARGE).put("a", 1);
    segment.add(LogRecord.put(key(1), new byte[length], 4_711), 2).put("b", 3);
    use(segment);

    SegmentScan scan = scan();

    assertThat(scan.lastSequence()).isEqualTo(3);
    assertThat(scan.soonestDeadline()).isEqualTo(4_711);
  }

  @Test
  void putWithoutADeadlineHasNone() throws IOException {
    use(MadeSegment.of(1).put("a", 1));

    assertThat(scan().soonestDeadline()).isEqualTo(RecordFormat.NO_DEADLINE);
  }

  @ParameterizedTest
  @CsvSource({"1000", "262120", "262144", "300000", "1000000"})
  void damageAnywhereInARecordIsFound(int length) throws IOException {
    MadeSegment segment = MadeSegment.with(LARGE).put("a", 1);
    int from = segment.end();
    segment.add(LogRecord.put(key(1), new byte[length]), 2);
    int to = segment.lastAt() + 20 + 4 + length;
    byte[] whole = segment.toBytes();
    use(segment.header(), whole);
    assertThat(scan().lastSequence()).isEqualTo(2);

    for (int at : new int[] {from, from + 8, from + 25, (from + to) / 2, to - 1}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      use(segment.header(), damaged);
      SegmentScan scan = scan();

      assertThat(scan.end()).as("end with damage at %s", at).isEqualTo(from);
      assertThat(scan.lastSequence()).isEqualTo(1);
      assertThat(scan.damaged()).isTrue();
    }
  }

  @Test
  void recordThatTheFileEndsInIsNotWhole() throws IOException {
    MadeSegment segment = MadeSegment.with(LARGE).put("a", 1);
    segment.add(LogRecord.put(key(1), new byte[BUFFER]), 2);
    for (int length : new int[] {segment.end(), segment.end() - 1, segment.lastAt() + 10}) {
      use(segment.header(), Arrays.copyOf(segment.toBytes(), length));

      assertThat(scan().lastSequence()).isEqualTo(length == segment.end() ? 2 : 1);
    }
  }

  @Test
  void scanGoesOnWhereAnEarlierOneHasEnded() throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).mark(1);
    use(segment);
    SegmentScan first = scan();
    use(segment.put("b", 2).delete("a", 3));

    List<Change> found = new ArrayList<>();
    SegmentScan second = scanner.scan(0, first, collecting(found));

    assertThat(found).extracting(Change::key).containsExactly("b", "a");
    use(segment);
    assertThat(second).isEqualTo(scan());
  }

  // ---- batches

  @Test
  void batchCountsOnlyWithItsLastRecord() throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).begin("b", 2);
    int end = segment.end() - 24;
    use(segment.begin("c", 3));
    assertThat(scan().end()).isEqualTo(end);
    assertThat(scan().damaged()).isTrue();

    use(segment.put("d", 4));
    assertThat(scan().lastSequence()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 4, 5})
  void whatDoesNotFollowIsNoneOfTheBatch(long sequence) throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).begin("b", 2);
    segment.add(LogRecord.put(key(3), new byte[1]), sequence).damaged();
    use(segment);
    assertThat(scan().lastSequence()).as("a damaged one may have been of it").isEqualTo(1);

    use(MadeSegment.of(1).put("a", 1).begin("b", 2).put("c", sequence));
    assertThat(scan().lastSequence()).as("a whole one was not").isEqualTo(Math.max(2, sequence));
  }

  @Test
  void markIsNoneOfTheBatch() throws IOException {
    use(MadeSegment.of(1).put("a", 1).begin("b", 2).mark(3));

    assertThat(scan().lastSequence()).isEqualTo(2);
    assertThat(scan().markedSequence()).isEqualTo(3);
  }

  // ---- marks behind damage

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, BUFFER - 200, BUFFER - 24, BUFFER, 2 * BUFFER})
  void markIsFoundHoweverFarBehind(int distance) throws IOException {
    MadeSegment segment = MadeSegment.with(LARGE).put("a", 1);
    int from = segment.end();
    segment.add(LogRecord.put(key(1), new byte[distance]), 2).damaged().mark(2).mark(1);
    use(segment);

    assertThat(scanner.markedAfter(from)).isEqualTo(2);
  }

  @Test
  void markAtTheVeryEndOfAFileIsFound() throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).damaged().mark(1);
    use(segment.header(), Arrays.copyOf(segment.toBytes(), segment.end()));
    assertThat(scanner.markedAfter(32)).isEqualTo(1);

    use(segment.header(), Arrays.copyOf(segment.toBytes(), segment.end() - 8));
    assertThat(scanner.markedAfter(32)).isZero();
  }

  @Test
  void damagedMarkSaysNothing() throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).damaged().mark(9).damaged().seal(8);
    use(segment);

    assertThat(scanner.markedAfter(32)).isZero();
    assertThat(scanner.markedAfter(segment.end())).isZero();
  }

  @Test
  void markWhereTheDamageStartsIsNoneBehindIt() throws IOException {
    MadeSegment segment = MadeSegment.of(1).mark(9);
    use(segment);

    assertThat(scanner.markedAfter(32)).isZero();
    assertThat(scanner.markedAfter(24)).isEqualTo(9);
  }

  // ---- batches behind damage

  @Test
  void nextWholeBatchBehindDamageIsFound() throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).damaged();
    int next = segment.end();
    use(segment.put("b", 2).put("c", 3));

    assertThat(scanner.batchAfter(32)).isEqualTo(next);
  }

  @Test
  void batchThatIsNotWholeIsNotTheNext() throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).damaged();
    segment.begin("b", 2).put("c", 3).damaged();
    int next = segment.end();
    use(segment.begin("d", 4).put("e", 5));

    assertThat(scanner.batchAfter(32)).isEqualTo(next);
  }

  @Test
  void thereMayBeNoNextBatch() throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).damaged();
    use(segment.header(), Arrays.copyOf(segment.toBytes(), segment.end()));

    assertThat(scanner.batchAfter(32)).isEqualTo(-1);
  }

  @Test
  void wholeRecordIsSteppedOverWithWhatItsValueHolds() throws IOException {
    MadeSegment inner = MadeSegment.of(1).put("inner", 7).put("inner", 8);
    byte[] value = Arrays.copyOfRange(inner.toBytes(), Segment.HEADER_BYTES, inner.end());
    MadeSegment segment = MadeSegment.of(1);
    byte[] key = new byte[4]; // so that the value lies at a multiple of 8
    LogRecord outer = LogRecord.put(key, value);
    outer.setMore();
    segment.add(outer, 1).put("a", 2).damaged();
    int next = segment.end();
    use(segment.put("b", 3));

    assertThat(scanner.isWhole(32 + 24)).as("the value looks like a record").isTrue();
    assertThat(scanner.batchAfter(32)).isEqualTo(next);
    assertThat(scanner.batchAfter(24)).as("a whole batch is found before it").isEqualTo(next);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "281474976710655, true", "281474976710656, false", "-1, false"})
  void sequencesThatNoLogReachesAreNotLookedAt(long sequence, boolean found) throws IOException {
    MadeSegment segment = MadeSegment.of(1).put("a", 1).damaged();
    int next = segment.end();
    use(segment.add(LogRecord.put(key(1), new byte[1]), sequence));

    assertThat(scanner.batchAfter(32)).isEqualTo(found ? next : -1);
  }

  // ---- the rest of a damaged batch

  @Test
  void recordsThatFollowInADamagedBatchAreTheRestOfIt() throws IOException {
    MadeSegment segment = MadeSegment.of(1).begin("a", 1).damaged();
    int to = segment.end();
    segment.begin("b", 2).put("c", 3);
    int end = segment.end();
    use(segment.put("d", 4));

    assertThat(scanner.restOfBatch(32, to)).isEqualTo(end);
  }

  @Test
  void damagedBatchOfSeveralRecordsIsFollowedToo() throws IOException {
    MadeSegment segment = MadeSegment.of(1).begin("a", 1).begin("b", 2).damaged();
    int to = segment.end();
    segment.put("c", 3);
    int end = segment.end();
    use(segment.put("d", 4));

    assertThat(scanner.restOfBatch(32, to)).isEqualTo(end);
  }

  @Test
  void damagedRecordOfWhichNoMoreFollowsHasNoRest() throws IOException {
    MadeSegment segment = MadeSegment.of(1).begin("x", 1).put("a", 2).damaged();
    int to = segment.end();
    use(segment.put("b", 3));

    assertThat(scanner.restOfBatch(32, to)).isEqualTo(to);
  }

  @Test
  void markIsNoRestOfABatch() throws IOException {
    MadeSegment segment = MadeSegment.of(1).begin("a", 1).damaged();
    int to = segment.end();
    use(segment.mark(1).put("b", 2));

    assertThat(scanner.restOfBatch(32, to)).isEqualTo(to);
  }

  @Test
  void headersThatDoNotFitSayNothingOfARest() throws IOException {
    MadeSegment segment = MadeSegment.of(1).begin("a", 1).damaged();
    int to = segment.end();
    use(segment.put("b", 2));

    assertThat(scanner.restOfBatch(32, to - 8)).as("too long").isEqualTo(to - 8);
    use(segment.damagedAt(32 + 18)); // the type
    assertThat(scanner.restOfBatch(32, to)).as("no header").isEqualTo(to);
  }

  @Test
  void restOfABatchIsFollowedFromBufferToBuffer() throws IOException {
    MadeSegment segment = MadeSegment.with(LARGE);
    for (int i = 1; i <= 3; i++) {
      LogRecord record = LogRecord.put(key(i), new byte[BUFFER]);
      record.setMore();
      segment.add(record, i).damaged();
    }
    int to = segment.end();
    use(segment.put("b", 4));

    assertThat(scanner.restOfBatch(32, to)).isEqualTo(segment.end());
  }

  // ---- where data ends

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 100, BUFFER - 1, BUFFER, BUFFER + 5, 2 * BUFFER + 33})
  void lastByteOtherThanZeroIsFound(int at) throws IOException {
    byte[] bytes = new byte[2 * BUFFER + 32 + 35];
    bytes[32 + at] = (byte) 0x80;
    use(LARGE, bytes);

    assertThat(scanner.dataEnd(32)).isEqualTo(32 + at + 1L);
    assertThat(scanner.dataEnd(32 + at + 1L)).as("behind it").isEqualTo(32 + at + 1L);
  }

  @Test
  void bytesBehindTheCapacityDoNotCount() throws IOException {
    byte[] bytes = new byte[200];
    bytes[100] = 1;
    use(new SegmentHeader(1, 100, 0, SegmentHeader.LOG), bytes);

    assertThat(scanner.dataEnd(32)).isEqualTo(32);
    bytes[99] = 1;
    use(new SegmentHeader(1, 100, 0, SegmentHeader.LOG), bytes);
    assertThat(scanner.dataEnd(32)).isEqualTo(100);
  }

  @Test
  void zerosAreNoData() throws IOException {
    use(LARGE, new byte[1_001]);

    assertThat(scanner.dataEnd(40)).isEqualTo(40);
  }
}
