package io.kvstore.log;

import io.kvstore.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/** The segments of which a part may still have to be synced. Guarded by the lock of the log. */
public final class UnsyncedSegments {
  private final ArrayList<Segment> segments;

  UnsyncedSegments(List<Segment> segments) {
    this.segments = new ArrayList<>(segments);
  }

  /** Makes room for one more, so that {@link #add} can't fail. */
  void reserve() {
    segments.ensureCapacity(segments.size() + 1);
  }

  void add(Segment segment) {
    segments.add(segment);
  }

  boolean contains(Segment segment) {
    return segments.contains(segment);
  }

  /** Returns what has been written and not synced. */
  List<SyncPoint.Part> parts() {
    List<SyncPoint.Part> parts = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment.end() > segment.syncedEnd()) {
        parts.add(new SyncPoint.Part(segment, segment.syncedEnd(), segment.end()));
      }
    }
    return parts;
  }

  /** Learns that parts have been synced. */
  void synced(List<SyncPoint.Part> parts) {
    for (SyncPoint.Part part : parts) {
      part.segment().synced(part.to());
    }
    segments.removeIf(s -> s.sealed() && s.syncedEnd() == s.end());
  }
}
