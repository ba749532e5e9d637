package io.kvstore.recovery;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of recovery: where a log ends and which bytes are a torn tail, or why the log is
 * rejected. A function of the scans and of what is known to have been synced; it reads no file, and
 * opening, read-only opening and verification share it.
 *
 * <p>A crash leaves a beginning of the log whole. The log ends where its records stop being whole,
 * and the rest is a torn tail, unless a sync marker, the list of segments or a checkpoint of the
 * indexes proves that a change in the rest had been synced: no crash takes that, so it is damage.
 */
public final class RecoveryRules {
  private RecoveryRules() {}

  /**
   * A segment of the log that is newer than the list of segments.
   *
   * @param marked the highest sequence that a sync marker names, behind damage too
   * @param proven the last change in here that a checkpoint of the indexes knows, 0 if it has none
   * @param isShort whether the file is shorter than it was made
   */
  public record Found(long id, SegmentScan scan, long marked, long proven, boolean isShort) {}

  /**
   * What is known besides the scans.
   *
   * @param synced the last change that had been synced, as anything but sync markers says
   * @param hasNext whether the segment behind the last one exists, and nothing was written to it
   */
  public record Known(long synced, boolean hasNext) {}

  /**
   * Why a log is rejected.
   *
   * @param kind {@link SegmentHeader#LOG} or {@link SegmentHeader#COMPACTED}
   */
  public record Rejection(int kind, long id, int offset, String why) {

    CorruptStoreException exception(SegmentFiles files) {
      return new CorruptStoreException(files.path(id, kind), offset, why);
    }
  }

  /**
   * Where a log ends.
   *
   * @param tail index of the first segment that is not sealed, among those newer than the list; as
   *     many as there are if all are sealed
   * @param lastWhole the last change in the part that counts
   * @param synced the last change that had been synced
   * @param tornBytes bytes behind the last record that counts, except zeros at the ends
   * @param rejection null if the log can be opened
   */
  public record Verdict(
      int tail, long lastWhole, long synced, long tornBytes, @Nullable Rejection rejection) {

    void requireAccepted(SegmentFiles files) {
      if (rejection != null) {
        throw rejection.exception(files);
      }
    }
  }

  /**
   * Returns why a segment that the list names is rejected, or null. It was sealed and synced before
   * the list was written, so no crash takes its seal.
   */
  public static @Nullable Rejection listed(SegmentHeader header, SegmentScan scan) {
    return scan.sealed()
        ? null
        : new Rejection(
            header.kind(),
            header.id(),
            scan.end(),
            "no whole record, though the segment had been sealed and synced");
  }

  /** Requires that {@link #listed} rejects none of the segments that the list names. */
  static void requireListed(SegmentFiles files, List<Segment> segments, List<SegmentScan> scans) {
    for (int i = 0; i < segments.size(); i++) {
      Rejection rejection = listed(segments.get(i).header(), scans.get(i));
      if (rejection != null) {
        throw rejection.exception(files);
      }
    }
  }

  /** Returns where the log ends whose segments behind the list are these, in their order. */
  public static Verdict judge(SegmentList list, List<Found> log, Known known) {
    int tail = 0;
    while (tail < log.size() && log.get(tail).scan().sealed()) {
      tail++;
    }
    long synced = Math.max(list.synced(), known.synced());
    long whole = list.before();
    for (int i = 0; i < log.size(); i++) {
      Found found = log.get(i);
      synced = Math.max(synced, found.marked());
      if (i <= tail) {
        whole = Math.max(whole, found.scan().lastSequence());
      }
      // One that merely ends sooner than a checkpoint says is an older copy.
      if (i > tail || found.scan().damaged() || found.isShort()) {
        synced = Math.max(synced, found.proven());
      }
    }
    Rejection rejection = null;
    if (tail == log.size() && (tail > 0 || !list.isNone()) && !known.hasNext()) {
      rejection = missingNext(list.through() + tail + 1);
    } else if (synced > whole) {
      int end = tail < log.size() ? log.get(tail).scan().end() : 0;
      rejection = missingChange(list.through() + tail + 1, end, whole, synced);
    }
    return new Verdict(tail, whole, synced, tornBytes(log, tail), rejection);
  }

  /** A segment is sealed only once the next one is durable, header and all. */
  private static Rejection missingNext(long id) {
    return new Rejection(
        SegmentHeader.LOG, id, 0, "the file is missing or blank, though the one before is sealed");
  }

  private static Rejection missingChange(long id, int offset, long whole, long synced) {
    return new Rejection(
        SegmentHeader.LOG,
        id,
        offset,
        "no whole record of change " + (whole + 1) + ", though " + synced + " were synced");
  }

  private static long tornBytes(List<Found> log, int tail) {
    long bytes = tail < log.size() ? log.get(tail).scan().damagedBytes() : 0;
    for (int i = tail + 1; i < log.size(); i++) {
      bytes += log.get(i).scan().isEmpty() ? 0 : log.get(i).scan().writtenBytes();
    }
    return bytes;
  }
}
