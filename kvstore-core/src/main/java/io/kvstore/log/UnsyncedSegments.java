package io.kvstore.log;

import io.kvstore.segment.Segment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The segments with bytes that may not be synced yet. Guarded by the lock of the log. */
public final class UnsyncedSegments {
  private final ArrayList<Segment> segments;

  UnsyncedSegments(List<Segment> segments) {
    this.segments = new ArrayList<>(segments);
  }

  /** Reserves space for one more segment, so that {@link #add} can't fail. */
  void reserve() {
    segments.ensureCapacity(segments.size() + 1);
  }

  void add(Segment segment) {
    segments.add(segment);
  }

  boolean contains(Segment segment) {
    return segments.contains(segment);
  }

  /** Returns the ranges that are written and not synced. */
  List<SyncPoint.Part> parts() {
    List<SyncPoint.Part> parts = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment.end() > segment.syncedEnd()) {
        parts.add(new SyncPoint.Part(segment, segment.syncedEnd(), segment.end()));
      }
    }
    return parts;
  }

  /** Records that ranges have been synced. */
  void synced(List<SyncPoint.Part> parts) {
    for (SyncPoint.Part part : parts) {
      part.segment().synced(part.to());
    }
    for (Iterator<Segment> all = segments.iterator(); all.hasNext(); ) {
      Segment segment = all.next();
      if (segment.sealed() && segment.syncedEnd() == segment.end()) {
        all.remove();
      }
    }
  }
}
