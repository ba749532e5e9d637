package io.kvstore.compaction;

import io.kvstore.KvStore;
import io.kvstore.record.Location;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.RecordWalk;
import io.kvstore.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The collector of the records that a compaction round keeps (its mark phase): puts that an index
 * points at, and tombstones that may still be needed.
 *
 * <p>A tombstone is not needed any more if its key has an entry again, since that is newer; or if
 * no put that it hides can be left: there is none in the segments that are rewritten, and each
 * other segment either has nothing stale, or its {@link SegmentStats#pin} is newer than the
 * tombstone.
 */
final class LiveRecordCollector {
  private static final int RECORDS_PER_CHECK = 1 << 12;

  /** The number of records whose index slots are prefetched in parallel. */
  private static final int AT_ONCE = 128;

  private final IndexAccess live;
  private final List<SegmentStats> others;
  private final Runnable check;
  private final Relocations moves = new Relocations();
  private final List<Segment> segments = new ArrayList<>();
  private final List<Integer> starts = new ArrayList<>();
  private final byte[] key = new byte[KvStore.MAX_KEY_BYTES];
  private final long[] hashes = new long[AT_ONCE];
  private final int[] offsets = new int[AT_ONCE];
  private final int[] sizes = new int[AT_ONCE];

  /** Written so that the compiler does not remove the prefetching reads. */
  @SuppressWarnings("unused")
  private long fetched;

  private long tombstoneBytes;

  /** The index of the segment of the last {@link #copy}. */
  private int current;

  /**
   * @param others the segments that are not rewritten
   * @param check called regularly; throws if the round has to stop
   */
  LiveRecordCollector(IndexAccess live, List<SegmentStats> others, Runnable check) {
    this.live = live;
    this.others = others;
    this.check = check;
  }

  /**
   * A range of the records, to be written into one segment.
   *
   * @param capacity the capacity of that segment
   */
  record Part(int from, int to, int capacity) {
    /** Returns the capacity of some outputs together. */
    static long capacity(List<Part> some) {
      long bytes = 0;
      for (Part each : some) {
        bytes += each.capacity;
      }
      return bytes;
    }
  }

  /** A range of a segment without a whole record. */
  record Hole(int from, int to) {}

  Relocations moves() {
    return moves;
  }

  /**
   * Collects the records of one segment, some at a time, and skips damage.
   *
   * @return the ranges without a whole record, mostly none
   */
  List<Hole> collect(Segment segment) {
    segments.add(segment);
    starts.add(moves.count());
    ByteBuffer content = segment.content();
    List<Hole> holes = new ArrayList<>();
    tombstoneBytes = 0;
    int seen = 0;
    int found = 0;
    int before = -1;
    RecordWalk walk = new RecordWalk(segment, segment.end());
    while (walk.advance()) {
      if (seen++ % RECORDS_PER_CHECK == 0) {
        check.run();
      }
      int at = walk.at();
      addHole(walk, holes);
      if (RecordFormat.isChange(content, at) && !segment.stale().has(at, before, walk.next())) {
        hashes[found] = hash(content, at);
        sizes[found] = walk.next() - at;
        offsets[found++] = at;
        if (found == AT_ONCE) {
          decide(segment, found);
          found = 0;
        }
      }
      boolean deletes = RecordFormat.type(content, at) == RecordFormat.TOMBSTONE;
      tombstoneBytes += deletes ? walk.next() - at : 0;
      before = at;
    }
    addHole(walk, holes);
    decide(segment, found);
    return holes;
  }

  private static void addHole(RecordWalk walk, List<Hole> holes) {
    if (walk.damagedFrom() >= 0) {
      holes.add(new Hole(walk.damagedFrom(), walk.at()));
    }
  }

  /** Returns the bytes of the tombstones that the last {@link #collect} found. */
  long tombstoneBytes() {
    return tombstoneBytes;
  }

  private long hash(ByteBuffer content, int at) {
    int length = RecordFormat.keyLength(content, at);
    content.get(RecordFormat.keyAt(at), key, 0, length);
    return live.hash(key, length);
  }

  /** Decides which records to keep, after prefetching their slots. */
  private void decide(Segment segment, int count) {
    fetched = live.fetch(hashes, count);
    for (int i = 0; i < count; i++) {
      int at = offsets[i];
      long location = Location.of(segment.place(), at);
      boolean put = RecordFormat.type(segment.content(), at) == RecordFormat.PUT;
      if (put ? live.isLive(hashes[i], location) : isNeeded(segment, at, hashes[i])) {
        moves.add(hashes[i], location, sizes[i], put);
      }
    }
  }

  private boolean isNeeded(Segment segment, int at, long hash) {
    long tombstone = segment.sequence(at);
    for (SegmentStats other : others) {
      if (other.pins(tombstone)) {
        return !live.hasEntry(hash, segment.key(at));
      }
    }
    return false;
  }

  /**
   * Returns the distribution of the records over segments.
   *
   * @param partBytes the maximum size of one segment, except for a larger record
   */
  List<Part> parts(int partBytes) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    long bytes = SegmentStats.OVERHEAD_BYTES;
    for (int i = 0; i < moves.count(); i++) {
      int size = moves.size(i);
      if (i > from && bytes + size > partBytes) {
        parts.add(new Part(from, i, (int) bytes));
        from = i;
        bytes = SegmentStats.OVERHEAD_BYTES;
      }
      bytes += size;
    }
    if (moves.count() > from) {
      parts.add(new Part(from, moves.count(), (int) bytes));
    }
    current = 0;
    return parts;
  }

  /** Copies a record; called in order. */
  void copy(int i, CompactionWriter to) throws IOException {
    if (i % RECORDS_PER_CHECK == 0) {
      check.run();
    }
    to.copy(segmentOf(i), Location.offset(moves.from(i)), moves.size(i));
  }

  private Segment segmentOf(int i) {
    while (current + 1 < segments.size() && starts.get(current + 1) <= i) {
      current++;
    }
    return segments.get(current);
  }

  /** Records the new locations of the records of a part. */
  void written(Part part, int place, int[] offsets) {
    for (int i = part.from(); i < part.to(); i++) {
      moves.written(i, Location.of(place, offsets[i - part.from()]));
    }
  }
}
