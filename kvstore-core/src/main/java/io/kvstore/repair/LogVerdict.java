package io.kvstore.repair;

import io.kvstore.Damage;
import io.kvstore.recovery.Recovery;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.SegmentList;
import io.kvstore.segment.SegmentScan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether what a reading of the log has met is damage, or a torn tail as a crash leaves it: the
 * rules of {@link Recovery}, for a reader who goes on behind the place where recovery stops.
 */
final class LogVerdict {
  private record Place(Path file, int offset) {}

  private final DamageList damage = new DamageList();

  /** Places that matter only if there are changes behind them. */
  private final List<Place> suspended = new ArrayList<>();

  /** The place where an opening would end the log. */
  private Place end;

  private boolean ended;
  private boolean refused;
  private boolean sealedLast;
  private long synced;
  private long whole;
  private long tornBytes;

  LogVerdict(Path firstFile) {
    this.end = new Place(firstFile, 0);
  }

  /** Learns from elsewhere that changes up to a sequence had been synced. */
  void synced(long sequence) {
    synced = Math.max(synced, sequence);
  }

  /** Returns whether the log of an opening would have ended by now. */
  boolean isEnded() {
    return ended;
  }

  /** Learns what a list of segments says: what was sealed when it was written, and is not all. */
  void listed(SegmentList list) {
    synced = Math.max(synced, list.synced());
    whole = list.before();
    sealedLast = true;
  }

  /** Learns of a segment that is known to be sealed and synced. */
  void passedNamed(Path file, SegmentInspector.Found found) {
    SegmentScan first = found.first();
    if (!first.sealed()) {
      if (!first.damaged()) {
        damage.add(file, first.end(), 0, "the segment ends without a seal");
      }
      refused = true;
    }
  }

  /** Notes what no crash can have done. */
  void refuse(Path file, long bytes, String what) {
    settle();
    damage.add(file, 0, bytes, what);
    refused = true;
    sealedLast = false;
  }

  /** Notes a part of a segment that is neither whole records nor zeros at the end. */
  void hole(Path file, int from, int to) {
    settle();
    damage.add(file, from, (long) to - from, "there is no whole record");
  }

  /** Notes a file without a header and without anything behind it. */
  void blank(Path file) {
    suspended.add(new Place(file, 0));
  }

  /** Learns of the next whole change. */
  void passed(ScannedRecord change) {
    settle();
    damage.passed(change.sequence());
  }

  /** There is something behind the suspended places. */
  private void settle() {
    for (Place place : suspended) {
      if (place.offset() == 0) {
        damage.add(place.file(), 0, 0, "the header of the segment is not whole");
        refused = true;
      } else {
        damage.add(place.file(), place.offset(), 0, "the segment ends without a seal");
      }
    }
    suspended.clear();
  }

  /** Learns of the next segment. */
  void passed(Path file, SegmentInspector.Found found) {
    SegmentScan first = found.first();
    if (!first.isEmpty()) {
      settle();
    }
    synced = Math.max(synced, found.all().markedSequence());
    if (suspended.isEmpty()) {
      sealedLast = !ended && first.sealed();
    }
    if (ended) {
      tornBytes += first.isEmpty() ? 0 : first.writtenBytes();
    } else {
      whole = Math.max(whole, first.lastSequence());
      end = new Place(file, first.end());
      ended = !first.sealed();
      tornBytes += first.damagedBytes();
    }
    if (!found.all().sealed() && !found.all().damaged()) {
      suspended.add(new Place(file, found.all().end()));
    }
  }

  /** Learns that the log ends here. */
  void finish(Path nextFile) {
    if (sealedLast) {
      Path missing = suspended.isEmpty() ? nextFile : suspended.get(0).file();
      suspended.clear();
      refuse(missing, 0, "the file is missing or blank, though the one before is sealed");
    }
    if (synced > whole && damage.isEmpty()) {
      damage.add(end.file(), end.offset(), 0, "the log ends, though more had been synced");
    }
  }

  boolean isTorn() {
    return !refused && synced <= whole;
  }

  /** Returns the bytes that an opening would cut off, if it does not refuse the log. */
  long tornBytes() {
    return isTorn() ? tornBytes : 0;
  }

  /** Returns all places, damaged or torn, in the order of the log. */
  List<Damage> places() {
    return damage.list();
  }
}
