package io.kvstore.recovery;

import io.kvstore.files.SegmentFiles;
import io.kvstore.record.RecordFormat;
import io.kvstore.recovery.CheckpointPosition.Anchor;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The check whether the files of a log continue a {@link CheckpointPosition}, by one small read of
 * each. Files that are older than it, of another store, or of a copy that has diverged do not.
 */
public final class PositionCheck implements SegmentFiles.Check {
  private final @Nullable CheckpointPosition position;
  private final Map<String, SegmentState> states = new HashMap<>();
  private final Map<SegmentHeader, SegmentState> known = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private boolean holds = true;

  /**
   * @param position null if there is none, with which no file goes on
   */
  public PositionCheck(@Nullable CheckpointPosition position) {
    this.position = position;
    if (position != null) {
      for (SegmentState state : position.segments()) {
        states.put(name(state.header()), state);
      }
    }
  }

  /**
   * Looks at a file; each one that belongs to the store is to be shown.
   *
   * @param bytes how long it is
   */
  @Override
  public void look(SegmentHeader header, FileChannel file, long bytes) throws IOException {
    CheckpointPosition from = position;
    if (from == null) {
      return;
    }
    String name = name(header);
    seen.add(name);
    SegmentState state = states.get(name);
    if (state != null) {
      holds &=
          state.header().equals(header)
              && state.scan().end() <= bytes
              && state.scan().bonds().last().isLastIn(file, header.secret(), state.scan().end());
      known.put(state.header(), state);
    } else if (header.isCompacted()) {
      holds &= isYounger(header, file, from.sequence());
    } else {
      holds &= header.id() > from.through();
    }
    Anchor anchor = from.anchor();
    if (anchor != null && name.equals(logName(anchor.id()))) {
      holds &= header.secret() == anchor.secret() && anchor.at().isIn(file, header.secret());
    }
  }

  /** Returns whether a compacted segment was written by a round that began after some change. */
  private static boolean isYounger(SegmentHeader header, FileChannel file, long sequence)
      throws IOException {
    int sealAt = Math.max(0, header.capacity() - RecordFormat.CONTROL_BYTES);
    ByteBuffer seal = RecordFingerprint.read(file, sealAt, RecordFormat.CONTROL_BYTES);
    return seal.remaining() == RecordFormat.CONTROL_BYTES
        && RecordFormat.type(seal, 0) == RecordFormat.SEAL
        && RecordFormat.sequence(seal, 0) >= sequence;
  }

  /**
   * Returns whether there is a position, and all files go on from it.
   *
   * @param through segments of the log up to this id may have been compacted since
   */
  public boolean holds(long through) {
    CheckpointPosition from = position;
    if (from == null) {
      return false;
    }
    Anchor anchor = from.anchor();
    boolean isAnchored =
        anchor == null || anchor.id() <= through || seen.contains(logName(anchor.id()));
    return holds && isAnchored && areSeen(from.segments(), through);
  }

  /** Returns whether all segments of the log behind one have been seen. */
  private boolean areSeen(List<SegmentState> segments, long through) {
    for (SegmentState segment : segments) {
      SegmentHeader header = segment.header();
      if (!header.isCompacted() && header.id() > through && !seen.contains(name(header))) {
        return false;
      }
    }
    return true;
  }

  /** Returns what is known of each segment that is still there; only if the position holds. */
  Map<SegmentHeader, SegmentState> known() {
    return known;
  }

  /** Returns whether the position and the files have the same segments. */
  boolean isComplete() {
    return known.size() == states.size();
  }

  /** Returns the last change of which a position that holds proves that it was synced. */
  public long sequence() {
    return position == null ? 0 : position.sequence();
  }

  /**
   * Returns the last change in one segment that had been synced, though the position may not hold:
   * for a segment that does not end as records do. One that merely ends sooner is an older copy.
   */
  public long provenIn(SegmentHeader header) {
    SegmentState state = states.get(name(header));
    return state != null && state.header().equals(header) ? state.scan().lastSequence() : 0;
  }

  private static String name(SegmentHeader header) {
    return header.kind() + " " + header.id();
  }

  private static String logName(long id) {
    return SegmentHeader.LOG + " " + id;
  }
}
