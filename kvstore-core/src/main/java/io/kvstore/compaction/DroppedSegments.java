package io.kvstore.compaction;

import io.kvstore.files.SegmentList;
import io.kvstore.log.Log;
import io.kvstore.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/** Segments that compaction has dropped and whose files still exist. Not thread-safe. */
final class DroppedSegments {
  private final Log log;
  private final CompactedFiles files;

  /** Segments that the segment list may name again after a power cut. */
  private final List<Segment> undeleted = new ArrayList<>();

  /** Segments whose files could not be deleted: the next opening of the store deletes them. */
  private final List<Segment> undeletable = new ArrayList<>();

  DroppedSegments(Log log, CompactedFiles files) {
    this.log = log;
    this.files = files;
  }

  /** Adds segments that the segment list no longer names. */
  void addAll(List<Segment> segments) {
    undeleted.addAll(segments);
  }

  /** Adds the segments to a new segment list, as dropped. */
  void addTo(SegmentList.Dropped dropped) {
    dropped.addAll(undeleted);
    dropped.addAll(undeletable);
  }

  /** Deletes the files of all segments; to be called once the segment list is durable. */
  void delete() {
    delete(undeleted);
    undeleted.clear();
  }

  /** Deletes the files of segments that were never in a segment list, or no longer are. */
  void delete(List<Segment> segments) {
    long bytes = 0;
    for (Segment segment : segments) {
      bytes += segment.diskBytes();
    }
    log.addDiskBytes(-bytes);
    undeletable.addAll(files.delete(segments, log.segments(), log.diskBytes()));
  }
}
