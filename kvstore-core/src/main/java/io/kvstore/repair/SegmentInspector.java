package io.kvstore.repair;

import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScan;
import io.kvstore.segment.SegmentScanner;
import java.io.IOException;
import java.nio.file.Path;

/** A walk through one segment from end to end, past any damage. */
final class SegmentInspector {
  private final SegmentScanner scanner;
  private final LogVerdict verdict;

  SegmentInspector(SegmentScanner scanner, LogVerdict verdict) {
    this.scanner = scanner;
    this.verdict = verdict;
  }

  /**
   * What there is in a segment.
   *
   * @param first up to the first damage, as an opening would see it
   * @param all with what is behind
   */
  record Found(Segment segment, SegmentScan first, SegmentScan all) {

    SegmentHeader header() {
      return segment.header();
    }

    /** Tells whether the file is shorter than it was made. */
    boolean isShort() {
      return segment.mappedBytes() < segment.capacity();
    }
  }

  /**
   * Visits all whole changes, in order, and notes the damage between them. A batch that is damaged
   * counts as damage from its first record to its last, as far as it can be known which those are.
   * The scanner has been turned to the segment.
   */
  Found walk(Segment segment, Path file, RecordVisitor visitor) throws IOException {
    int place = segment.place();
    SegmentScan first = scanner.scan(place, SegmentScan.START, visitor);
    SegmentScan scan = first;
    while (scan.damaged()) {
      int next = scanner.batchAfter(scan.end());
      next = next < 0 ? next : scanner.restOfBatch(scan.end(), next);
      int end = next < 0 ? scan.dataEnd() : next;
      verdict.addHole(file, scan.end(), end);
      if (next < 0) {
        break;
      }
      scan = scanner.scan(place, goingOnAt(next, scan), visitor);
    }
    return new Found(segment, first, scan);
  }

  private static SegmentScan goingOnAt(int next, SegmentScan scan) {
    return new SegmentScan(
        next,
        false,
        next,
        scan.lastSequence(),
        scan.markedSequence(),
        scan.pin(),
        scan.putBytes(),
        scan.tombstoneBytes(),
        scan.soonestDeadline(),
        scan.bonds());
  }
}
