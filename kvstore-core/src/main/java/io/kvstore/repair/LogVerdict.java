package io.kvstore.repair;

import io.kvstore.Damage;
import io.kvstore.files.SegmentFiles;
import io.kvstore.recovery.RecoveryRules;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.SegmentScan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The verdict of a verification: the damaged places of a log, and whether an opening accepts it by
 * {@link RecoveryRules}. Unlike an opening it goes on behind the first damage.
 */
final class LogVerdict {
  private record Place(Path file, int offset) {}

  private final DamageList damage = new DamageList();

  /** Places that matter only if there are changes behind them. */
  private final List<Place> suspended = new ArrayList<>();

  private boolean rejected;
  private long tornBytes;

  /** Adds a segment that the list of segments names. */
  void addListed(Path file, SegmentInspector.Found found) {
    SegmentScan first = found.first();
    if (RecoveryRules.listed(found.header(), first) != null) {
      if (!first.damaged()) {
        damage.add(file, first.end(), 0, "the segment ends without a seal");
      }
      rejected = true;
    }
  }

  /** Adds damage that no crash leaves. */
  void reject(Path file, long bytes, String why) {
    settle();
    damage.add(file, 0, bytes, why);
    rejected = true;
  }

  /** Adds a part of a segment that is neither whole records nor zeros at the end. */
  void addHole(Path file, int from, int to) {
    settle();
    damage.add(file, from, (long) to - from, "there is no whole record");
  }

  /** Adds a file without a header and without anything behind it. */
  void addBlank(Path file) {
    suspended.add(new Place(file, 0));
  }

  /** Adds the next whole change. */
  void addChange(ScannedRecord change) {
    settle();
    damage.passed(change.sequence());
  }

  /** Rejects the suspended places, since something follows them, or needs them. */
  void settle() {
    for (Place place : suspended) {
      if (place.offset() == 0) {
        damage.add(place.file(), 0, 0, "the header of the segment is not whole");
        rejected = true;
      } else {
        damage.add(place.file(), place.offset(), 0, "the segment ends without a seal");
      }
    }
    suspended.clear();
  }

  /** Adds the next segment behind the list. */
  void addNext(Path file, SegmentInspector.Found found) {
    if (!found.first().isEmpty()) {
      settle();
    }
    if (!found.all().sealed() && !found.all().damaged()) {
      suspended.add(new Place(file, found.all().end()));
    }
  }

  /** Ends the log, by the rules that an opening follows. */
  void finish(RecoveryRules.Verdict verdict, SegmentFiles files) {
    tornBytes = verdict.tornBytes();
    RecoveryRules.Rejection rejection = verdict.rejection();
    if (rejection == null) {
      return;
    }
    rejected = true;
    Path file = files.path(rejection.id(), rejection.kind());
    boolean isFile = rejection.offset() == 0;
    if (isFile) {
      suspended.clear(); // it may be there and blank, and is named once
    }
    if (damage.isEmpty() || (isFile && !damage.names(file))) {
      damage.add(file, rejection.offset(), 0, rejection.why());
    }
  }

  /** Returns whether an opening accepts the log, and cuts off what is torn. */
  boolean isAccepted() {
    return !rejected;
  }

  /** Returns the bytes that an opening would cut off, 0 if it rejects the log. */
  long tornBytes() {
    return rejected ? 0 : tornBytes;
  }

  /** Returns all places, damaged or torn, in the order of the log. */
  List<Damage> places() {
    return damage.list();
  }
}
