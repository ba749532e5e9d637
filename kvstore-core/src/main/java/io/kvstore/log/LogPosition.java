package io.kvstore.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * How far the log had come at some moment: what a copy of the indexes was made from, and so where
 * recovery can start that has such a copy.
 *
 * @param sequence the last change before that moment; it had been synced
 */
public record LogPosition(long sequence, List<SegmentState> segments) {
  private static final int FIXED_BYTES = Long.BYTES + Integer.BYTES;

  /** What is known of a segment at that moment; header fields tell whether a file is still it. */
  record SegmentState(int place, SegmentHeader header, SegmentScan scan, long staleBytes) {
    static final int BYTES = 8 * Long.BYTES + 6 * Integer.BYTES;

    private void encode(ByteBuffer to) {
      to.putInt(place).putLong(header.id()).putInt(header.capacity());
      to.putInt(header.secret()).putInt(header.kind());
      to.putInt(scan.end()).putInt(scan.sealed() ? 1 : 0);
      to.putLong(scan.lastSequence()).putLong(scan.markedSequence());
      to.putLong(scan.pin()).putLong(scan.putBytes()).putLong(scan.tombstoneBytes());
      to.putLong(scan.soonestDeadline()).putLong(staleBytes);
    }

    private static SegmentState decode(ByteBuffer from) {
      int place = from.getInt();
      SegmentHeader header =
          new SegmentHeader(from.getLong(), from.getInt(), from.getInt(), from.getInt());
      int end = from.getInt();
      boolean sealed = from.getInt() == 1;
      SegmentScan scan =
          new SegmentScan(
              end,
              sealed,
              end,
              from.getLong(),
              from.getLong(),
              from.getLong(),
              from.getLong(),
              from.getLong(),
              from.getLong());
      return new SegmentState(place, header, scan, from.getLong());
    }

    /** Tells whether a store can have such a segment. */
    private boolean isPossible() {
      return place >= 0
          && place < Location.MAX_SEGMENTS
          && (header.kind() == SegmentHeader.LOG || header.kind() == SegmentHeader.COMPACTED)
          && scan.end() >= Segment.HEADER_BYTES
          && scan.end() <= header.capacity()
          && scan.end() % RecordFormat.ALIGNMENT == 0;
    }
  }

  /** Returns how far a log has come that is closed. */
  public static LogPosition endOf(Log log) {
    return new LogPosition(
        log.sequence(), log.segments().list().stream().map(Segment::state).toList());
  }

  /**
   * Returns the part of a log that lies in segments which will not change any more; to be called
   * while no change is under way.
   *
   * @param shown the last change that the indexes show
   */
  public static LogPosition sealedIn(Log log, long shown) {
    return log.locked(
        () ->
            new LogPosition(
                shown,
                log.segments().list().stream()
                    .filter(segment -> segment.sealed() && segment.lastSequence() <= shown)
                    .map(Segment::state)
                    .toList()));
  }

  /** Returns the bytes that {@link #decode} reads. */
  public ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES + segments.size() * SegmentState.BYTES);
    bytes.putLong(sequence).putInt(segments.size());
    segments.forEach(state -> state.encode(bytes));
    return bytes.flip();
  }

  /** Returns what was encoded, or null if the bytes are none that are written today. */
  public static @Nullable LogPosition decode(ByteBuffer bytes) {
    if (bytes.remaining() < FIXED_BYTES) {
      return null;
    }
    long sequence = bytes.getLong();
    int count = bytes.getInt();
    if (bytes.remaining() != (long) count * SegmentState.BYTES) {
      return null;
    }
    List<SegmentState> segments = new ArrayList<>();
    BitSet places = new BitSet();
    for (int i = 0; i < count; i++) {
      SegmentState state = SegmentState.decode(bytes);
      if (!state.isPossible() || places.get(state.place())) {
        return null;
      }
      places.set(state.place());
      segments.add(state);
    }
    return new LogPosition(sequence, segments);
  }

  /** Returns which locations are in a segment of this position, at a record that is not newer. */
  public LongPredicate covered() {
    int[] ends = new int[1 + segments.stream().mapToInt(SegmentState::place).max().orElse(0)];
    segments.forEach(state -> ends[state.place()] = state.scan().end());
    return location -> {
      int place = Location.place(location);
      return place < ends.length && Location.offset(location) < ends[place];
    };
  }

  /**
   * Returns what is known of each segment that is still there, or null if a file is not the one
   * that this position was taken from.
   */
  @Nullable Map<SegmentHeader, SegmentState> match(List<Segment> files) {
    Map<String, Segment> byName = new HashMap<>();
    files.forEach(segment -> byName.put(name(segment.header()), segment));
    Map<SegmentHeader, SegmentState> known = new HashMap<>();
    for (SegmentState state : segments) {
      Segment segment = byName.get(name(state.header()));
      if (segment != null) {
        if (!segment.header().equals(state.header())
            || segment.mappedBytes() < state.scan().end()) {
          return null;
        }
        known.put(state.header(), state);
      }
    }
    return known;
  }

  private static String name(SegmentHeader header) {
    return header.kind() + " " + header.id();
  }
}
