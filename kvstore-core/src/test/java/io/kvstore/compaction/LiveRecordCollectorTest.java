package io.kvstore.compaction;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.record.Location;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.MadeSegment;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentLinks;
import io.kvstore.segment.SegmentScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The records that compaction keeps, their distribution over segments, and their copies. */
class LiveRecordCollectorTest {
  private static final int CAPACITY = 1 << 20;

  /** Bytes of a put with a key of eight bytes and a value of one. */
  private static final int PUT = 32;

  private final Index index = new Index();
  private int checks;

  /** An index: the location of the put of each key. */
  private static final class Index implements IndexAccess {
    private final Map<Long, Long> live = new HashMap<>();
    private final Set<Long> entries = new HashSet<>();
    private int fetched;

    @Override
    public void settle() {}

    @Override
    public long hash(byte[] key, int length) {
      return Long.parseLong(new String(key, 0, length, US_ASCII));
    }

    @Override
    public long fetch(long[] hashes, int count) {
      fetched += count;
      return 0;
    }

    @Override
    public boolean isLive(long hash, long location) {
      return live.getOrDefault(hash, -1L) == location;
    }

    @Override
    public boolean pointsInto(int place, int from, int to) {
      return false;
    }

    @Override
    public long oldestSnapshot() {
      return 0;
    }

    @Override
    public boolean hasEntry(long hash, byte[] key) {
      assertThat(hash(key, key.length)).isEqualTo(hash);
      return entries.contains(hash);
    }

    @Override
    public void moved(Relocations moves) {}

    @Override
    public void revert(Relocations moves) {}
  }

  private static byte[] key(int i) {
    return "%08d".formatted(i).getBytes(US_ASCII);
  }

  private static MadeSegment made(long id) {
    return MadeSegment.with(new SegmentHeader(id, CAPACITY, (int) id, SegmentHeader.LOG));
  }

  private void put(MadeSegment segment, int key, long sequence, boolean live) {
    segment.add(LogRecord.put(key(key), new byte[] {1}), sequence);
    if (live) {
      index.live.put((long) key, Location.of((int) segment.header().id(), segment.lastAt()));
    }
  }

  private static Segment segment(MadeSegment made) {
    Segment segment =
        new Segment(made.header(), Path.of("file"), ByteBuffer.wrap(made.toBytes()), null);
    segment.written(
        new SegmentScan(
            made.end(), true, made.end(), 0, 0, 0, 0, 0, Long.MAX_VALUE, SegmentLinks.NONE));
    segment.placeAt((int) made.header().id());
    return segment;
  }

  private LiveRecordCollector kept(SegmentStats... others) {
    return new LiveRecordCollector(index, List.of(others), () -> checks++);
  }

  private static SegmentStats other(long staleBytes, long pin) {
    return new SegmentStats(segment(made(99)), true, CAPACITY, 0, staleBytes, 0, pin, pin);
  }

  private static List<Long> hashes(Relocations moves) {
    List<Long> hashes = new ArrayList<>();
    for (int i = 0; i < moves.count(); i++) {
      hashes.add(moves.hash(i));
    }
    return hashes;
  }

  // ---- what is kept

  @Test
  void putsThatAnIndexPointsAtAreKept() {
    MadeSegment made = made(3);
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      put(made, i, i + 1, i % 3 == 0);
      if (i % 3 == 0) {
        expected.add((long) i);
      }
    }
    made.mark(1_000).seal(1_000);
    LiveRecordCollector kept = kept();

    assertThat(kept.collect(segment(made))).isEmpty();

    assertThat(hashes(kept.moves())).isEqualTo(expected);
    assertThat(kept.moves().from(1)).isEqualTo(Location.of(3, 32 + 3 * PUT));
    assertThat(kept.moves().size(1)).isEqualTo(PUT);
    assertThat(kept.moves().inIndex(1)).isTrue();
    assertThat(index.fetched).isEqualTo(1_000);
    assertThat(kept.tombstoneBytes()).isZero();
  }

  @Test
  void longRoundIsCheckedNowAndThen() {
    MadeSegment made = made(3);
    for (int i = 0; i < 5_000; i++) {
      put(made, i, i + 1, false);
    }

    kept().collect(segment(made));

    assertThat(checks).isEqualTo(2);
  }

  @Test
  void tombstoneIsKeptWhileAPutThatItHidesMayBeLeft() {
    MadeSegment made = made(3).add(LogRecord.tombstone(key(7)), 50);

    for (long pin : new long[] {49, 50}) {
      LiveRecordCollector needed = kept(other(0, 1), other(24, pin));
      needed.collect(segment(made));
      assertThat(hashes(needed.moves())).as("pin %s", pin).containsExactly(7L);
      assertThat(needed.moves().inIndex(0)).isFalse();
      assertThat(needed.tombstoneBytes()).isEqualTo(PUT);
    }
    LiveRecordCollector newer = kept(other(24, 51));
    newer.collect(segment(made));
    assertThat(newer.moves().count()).as("a put that is newer").isZero();
    LiveRecordCollector nothingStale = kept(other(0, 1));
    nothingStale.collect(segment(made));
    assertThat(nothingStale.moves().count()).as("no put that is stale").isZero();
    LiveRecordCollector alone = kept();
    alone.collect(segment(made));
    assertThat(alone.moves().count()).as("no other segment").isZero();
  }

  @Test
  void tombstoneIsNotNeededWhenItsKeyHasAnEntryAgain() {
    MadeSegment made = made(3).add(LogRecord.tombstone(key(7)), 50);
    index.entries.add(7L);
    LiveRecordCollector kept = kept(other(24, 1));

    kept.collect(segment(made));

    assertThat(kept.moves().count()).isZero();
    assertThat(kept.tombstoneBytes()).as("it was met all the same").isEqualTo(PUT);
  }

  @Test
  void putThatIsKnownToBeStaleIsNotLookedUp() {
    MadeSegment made = made(3);
    put(made, 1, 1, true);
    int at = made.lastAt();
    put(made, 2, 2, true);
    Segment segment = segment(made);
    segment.addStale(at);
    LiveRecordCollector kept = kept();

    kept.collect(segment);

    assertThat(hashes(kept.moves())).containsExactly(2L);
    assertThat(index.fetched).isEqualTo(1);
  }

  @Test
  void damageIsGoneAround() {
    MadeSegment made = made(3);
    put(made, 1, 1, true);
    put(made, 2, 2, true);
    made.damaged();
    int hole = made.lastAt();
    put(made, 3, 3, true);
    put(made, 4, 4, true);
    made.damaged();
    Segment segment = segment(made);
    segment.becomeDamaged();
    LiveRecordCollector kept = kept();

    assertThat(kept.collect(segment))
        .containsExactly(
            new LiveRecordCollector.Hole(hole, hole + PUT),
            new LiveRecordCollector.Hole(made.lastAt(), made.end()));
    assertThat(hashes(kept.moves())).containsExactly(1L, 3L);
  }

  // ---- how it is distributed

  private LiveRecordCollector keptOf(int... counts) {
    LiveRecordCollector kept = kept();
    int key = 0;
    for (int i = 0; i < counts.length; i++) {
      MadeSegment made = made(i + 1);
      for (int j = 0; j < counts[i]; j++) {
        put(made, ++key, key, true);
      }
      kept.collect(segment(made));
    }
    return kept;
  }

  @Test
  void partIsAsLargeAsASegmentMayBe() {
    int overhead = SegmentStats.OVERHEAD_BYTES;
    LiveRecordCollector kept = keptOf(5);

    assertThat(kept.parts(overhead + 5 * PUT))
        .containsExactly(new LiveRecordCollector.Part(0, 5, overhead + 5 * PUT));
    assertThat(kept.parts(overhead + 5 * PUT - 1))
        .containsExactly(
            new LiveRecordCollector.Part(0, 4, overhead + 4 * PUT),
            new LiveRecordCollector.Part(4, 5, overhead + PUT));
    assertThat(kept.parts(1)).as("one record at least").hasSize(5);
    assertThat(kept().parts(1)).isEmpty();
  }

  @Test
  void recordsAreCopiedFromTheirSegments() throws IOException {
    LiveRecordCollector kept = keptOf(2, 0, 3);
    List<LiveRecordCollector.Part> parts = kept.parts(SegmentStats.OVERHEAD_BYTES + 4 * PUT);
    List<Segment> outputs = new ArrayList<>();
    for (LiveRecordCollector.Part part : parts) {
      CompactedFiles.Output output = new CompactedBuffers().create(part.capacity());
      ByteBuffer buffer = CompactionWriter.newBuffer(64); // so that it is flushed now and then
      CompactionWriter writer = new CompactionWriter(output, buffer, true);
      int[] offsets = new int[part.to() - part.from()];
      for (int i = part.from(); i < part.to(); i++) {
        offsets[i - part.from()] = writer.end();
        kept.copy(i, writer);
      }
      Segment segment = writer.finish(9, 77);
      kept.written(part, 10 + outputs.size(), offsets);
      outputs.add(segment);
    }

    assertThat(outputs).hasSize(2);
    for (int i = 0; i < 5; i++) {
      long to = kept.moves().to(i);
      Segment segment = outputs.get(Location.place(to) - 10);
      int at = Location.offset(to);
      assertThat(segment.isWrittenAt(at)).isTrue();
      assertThat(segment.key(at)).isEqualTo(key(i + 1));
      assertThat(segment.sequence(at)).isEqualTo(i + 1);
    }
    Segment first = outputs.get(0);
    assertThat(first.end()).isEqualTo(first.capacity());
    assertThat(first.sealed()).isTrue();
    assertThat(first.lastSequence()).isEqualTo(4);
    assertThat(first.pin()).isEqualTo(9);
    assertThat(first.liveBytes()).isEqualTo(4 * PUT);
    assertThat(first.isWrittenAt(first.end() - RecordFormat.CONTROL_BYTES)).isTrue();
    assertThat(outputs.get(1).lastSequence()).isEqualTo(5);
  }

  @Test
  void copyingIsCheckedNowAndThen() throws IOException {
    LiveRecordCollector kept = keptOf(4_097);
    CompactionWriter writer = writer(new CompactedBuffers().create(CAPACITY));
    int before = checks;
    assertThat(kept.parts(CAPACITY)).hasSize(1);
    for (int i = 0; i < 4_097; i++) {
      kept.copy(i, writer);
    }

    assertThat(checks - before).isEqualTo(2);
  }

  // ---- how it is copied

  private static CompactionWriter writer(CompactedFiles.Output output) throws IOException {
    return new CompactionWriter(output, CompactionWriter.newBuffer(CAPACITY), true);
  }

  @Test
  void copyBelongsToNoBatchAndKeepsTheRest() throws IOException {
    LogRecord record = LogRecord.put(key(1), new byte[] {5, 6}, 4_711, "label");
    record.setMore();
    MadeSegment made = made(3).add(record, 8).add(LogRecord.tombstone(key(2)), 9);
    Segment from = segment(made);
    CompactionWriter writer = writer(new CompactedBuffers().create(CAPACITY));
    writer.copy(from, 32, record.size());
    writer.copy(from, made.lastAt(), PUT);

    Segment to = writer.finish(9, 77);

    assertThat(to.isWrittenAt(32)).isTrue();
    assertThat(RecordFormat.hasMore(to.content(), 32)).isFalse();
    assertThat(to.value(32)).containsExactly(5, 6);
    assertThat(to.deadline(32)).isEqualTo(4_711);
    assertThat(to.soonestDeadline()).isEqualTo(4_711);
    assertThat(to.liveBytes()).isEqualTo(record.size());
    assertThat(to.tombstoneBytes()).isEqualTo(PUT);
    assertThat(to.lastSequence()).isEqualTo(9);
    assertThat(to.isWrittenAt(32 + record.size())).isTrue();
    assertThat(to.last().at()).isEqualTo(32 + record.size() + PUT);
  }

  @Test
  void damagedRecordIsNotCopied() throws IOException {
    MadeSegment made = made(3);
    put(made, 1, 1, true);
    made.damaged();
    CompactionWriter writer = writer(new CompactedBuffers().create(CAPACITY));
    Segment from = segment(made);

    assertThatThrownBy(() -> writer.copy(from, 32, PUT))
        .isInstanceOfSatisfying(
            CorruptStoreException.class, e -> assertThat(e.offset()).isEqualTo(32));
  }

  @Test
  void recordsOfAStoreInMemoryHaveNoChecksums() throws IOException {
    MadeSegment made = made(3);
    put(made, 1, 1, true);
    made.damaged();
    CompactionWriter writer =
        new CompactionWriter(
            new CompactedBuffers().create(CAPACITY), CompactionWriter.newBuffer(64), false);
    writer.copy(segment(made), 32, PUT);

    assertThat(writer.finish(1, 0).sequence(32)).isEqualTo(1);
  }
}
