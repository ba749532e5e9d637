package io.kvstore.recovery;

import io.kvstore.log.ActiveSegment;
import io.kvstore.log.Log;
import io.kvstore.record.Location;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The position of a checkpoint: how far into the log the indexes in it go, and so where recovery
 * can start. It has enough of each segment to find out, by a few bytes, whether the segment is
 * still the one that the checkpoint was made of.
 *
 * @param sequence the last change in the checkpoint, which had been synced
 * @param through each segment of the log up to this id is covered, or had been dropped
 * @param anchor where the uncovered part of the log begins; null if there was none
 * @param segments the covered segments
 */
public record CheckpointPosition(
    long sequence, long through, @Nullable Anchor anchor, List<SegmentState> segments) {
  private static final int FIXED_BYTES = 2 * Long.BYTES + Anchor.BYTES + Integer.BYTES;

  /**
   * A record in the last segment of the log, which had been synced.
   *
   * @param at where it is; nowhere if the segment had none
   */
  record Anchor(long id, int secret, RecordFingerprint at) {
    static final int BYTES = Long.BYTES + Integer.BYTES + RecordFingerprint.BYTES;

    private static void encode(@Nullable Anchor anchor, ByteBuffer to) {
      Anchor written = anchor == null ? new Anchor(0, 0, RecordFingerprint.NONE) : anchor;
      to.putLong(written.id).putInt(written.secret);
      written.at.encode(to);
    }

    private static @Nullable Anchor decode(ByteBuffer from) {
      Anchor read = new Anchor(from.getLong(), from.getInt(), RecordFingerprint.decode(from));
      return read.id == 0 ? null : read;
    }
  }

  /** Returns how far a log has come that is closed. */
  public static CheckpointPosition endOf(Log log) {
    List<SegmentState> all = new ArrayList<>();
    for (Segment segment : log.segments().list()) {
      all.add(segment.state());
    }
    ActiveSegment active = log.active();
    return new CheckpointPosition(
        log.sequence(), active == null ? 0 : active.segment().id(), null, all);
  }

  /**
   * Returns the part of a log that lies in segments which will not change any more; to be called
   * while no change is under way.
   *
   * @param shown the last change that the indexes show
   */
  public static Unsynced sealedIn(Log log, long shown) {
    return log.locked(
        new Supplier<>() {
          @Override
          public Unsynced get() {
            List<SegmentState> covered = new ArrayList<>();
            ActiveSegment active = log.active();
            long firstOpen = active == null ? 1 : active.segment().id();
            for (Segment segment : log.segments().list()) {
              boolean isWritten = log.readableEnd(segment) == segment.end();
              if (segment.sealed() && isWritten && segment.lastSequence() <= shown) {
                covered.add(segment.state());
              } else if (!segment.isCompacted()) {
                firstOpen = Math.min(firstOpen, segment.id());
              }
            }
            return new Unsynced(
                new CheckpointPosition(shown, firstOpen - 1, null, covered), active);
          }
        });
  }

  /**
   * A position of which the last may not have reached the files yet.
   *
   * @param active the segment that is appended to, if any
   */
  public record Unsynced(CheckpointPosition position, @Nullable ActiveSegment active) {

    /** Returns the position; to be called once the log has been synced. */
    public CheckpointPosition synced() {
      ActiveSegment last = active;
      return last == null
          ? position
          : new CheckpointPosition(
              position.sequence,
              position.through,
              new Anchor(last.segment().id(), last.segment().secret(), last.anchor()),
              position.segments);
    }
  }

  /** Returns the bytes that {@link #decode} reads. */
  public ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(bytes());
    bytes.putLong(sequence).putLong(through);
    Anchor.encode(anchor, bytes);
    bytes.putInt(segments.size());
    for (SegmentState state : segments) {
      state.encode(bytes);
    }
    return bytes.flip();
  }

  /** Returns whether this is the same position. */
  public boolean isSame(CheckpointPosition other) {
    return encode().equals(other.encode());
  }

  /** Returns how many bytes that are. */
  public int bytes() {
    return FIXED_BYTES + segments.size() * SegmentState.BYTES;
  }

  /** Returns what was encoded, or null if the bytes are none that are written today. */
  public static @Nullable CheckpointPosition decode(ByteBuffer bytes) {
    if (bytes.remaining() < FIXED_BYTES) {
      return null;
    }
    long sequence = bytes.getLong();
    long through = bytes.getLong();
    Anchor anchor = Anchor.decode(bytes);
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
    return new CheckpointPosition(sequence, through, anchor, segments);
  }

  /** Returns which locations are in a segment of this position, at a record that is not newer. */
  public LongPredicate covered() {
    int places = 1;
    for (SegmentState state : segments) {
      places = Math.max(places, state.place() + 1);
    }
    int[] ends = new int[places];
    for (SegmentState state : segments) {
      ends[state.place()] = state.scan().end();
    }
    return new LongPredicate() {
      @Override
      public boolean test(long location) {
        int place = Location.place(location);
        return place < ends.length && Location.offset(location) < ends[place];
      }
    };
  }
}
