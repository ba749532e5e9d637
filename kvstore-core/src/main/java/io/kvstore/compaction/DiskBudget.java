package io.kvstore.compaction;

import io.kvstore.log.Log;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * The disk space of a store, as compaction divides it: how much garbage may stay, how much output
 * fits, and how far writers are ahead, so that they have to be throttled.
 */
final class DiskBudget {
  /**
   * Writers are throttled when the disk holds more than this multiple of the live bytes, and {@link
   * #SPARE_SEGMENTS} besides.
   */
  private static final double THROTTLE_RATIO = 1.8;

  private static final int SPARE_SEGMENTS = 3;

  /** Garbage that stays under load takes at most this part of the free disk space. */
  private static final int SPARE_SHARE = 4;

  /**
   * Every write waits when the disk holds this multiple of the live bytes, and {@link
   * #FULL_THROTTLE_SEGMENTS}, more than that.
   */
  private static final double FULL_THROTTLE_RATIO = 0.2;

  private static final int FULL_THROTTLE_SEGMENTS = 3;

  private final Log log;
  private final CompactedFiles files;

  DiskBudget(Log log, CompactedFiles files) {
    this.log = log;
    this.files = files;
  }

  /** Returns the size of the segments that a round writes. */
  int outputBytes(long liveBytes) {
    return Math.max(log.sizes().output(liveBytes), log.segments().leastOutput(liveBytes));
  }

  /**
   * Returns how much garbage may stay: a part of the free disk space, so that it can be compacted.
   */
  int spareBytes() throws IOException {
    return (int) Math.min(log.sizes().spareBytes(), files.usableBytes() / SPARE_SHARE);
  }

  /** Throttles writers as far as they are ahead of compaction. */
  void throttle(List<SegmentStats> all, long liveBytes, int outputBytes) throws IOException {
    long diskBytes = SegmentStats.capacity(all);
    double allowed = Math.max(THROTTLE_RATIO * liveBytes, (double) liveBytes + spareBytes());
    double ahead = diskBytes - allowed - (double) SPARE_SEGMENTS * outputBytes;
    double far = FULL_THROTTLE_RATIO * liveBytes + (double) FULL_THROTTLE_SEGMENTS * outputBytes;
    log.brake().set(Math.max(0, ahead / far));
  }

  void endThrottle() {
    log.brake().set(0);
  }

  /** Returns how much may be written now; nothing is reserved, and writers may come first. */
  long roomForOutput() {
    return log.sizes().roomForOutput(log.diskBytes());
  }

  /** Counts output that is about to be written as disk space, unless there is no room for it. */
  boolean reserve(long bytes) throws IOException {
    if (log.isLimited() && bytes + files.spareBytes() > roomForOutput()) {
      files.clearSpares();
    }
    return log.locked(
        new Supplier<>() {
          @Override
          public Boolean get() {
            boolean fits = bytes <= roomForOutput();
            log.addDiskBytes(fits ? bytes : 0);
            return fits;
          }
        });
  }
}
