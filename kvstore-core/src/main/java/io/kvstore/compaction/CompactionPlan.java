package io.kvstore.compaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The plan of a compaction round: chooses the segments to rewrite, which are those with the largest
 * share of garbage, as many as together fill about one segment with their remaining records.
 *
 * <p>Garbage is what a rewrite removes: stale puts, the unused end of the file, and tombstones, but
 * only if no put that they hide can be in another segment. A segment without garbage is chosen only
 * to be merged with other small ones.
 */
final class CompactionPlan {
  /**
   * If all tombstones exceed this fraction of the live bytes, the segments that pin them are
   * rewritten first.
   */
  private static final int TOMBSTONE_SHARE = 8;

  /** The size of tombstones that is always tolerated. */
  private static final int FREE_TOMBSTONE_BYTES = 64 << 10;

  /** The number of small segments from which they are merged on request. */
  private static final int MERGED_SEGMENTS = 64;

  /**
   * The number of small segments from which they are merged in the background: merging costs
   * writes, and a store that has grown has hundreds.
   */
  private static final int MERGED_IN_BACKGROUND = 1024;

  /** The number of segments from which they are merged if the segment table is nearly full. */
  private static final int MERGED_WHEN_MANY = 2;

  /** A segment is small if it is less than this fraction of the size of a new one. */
  private static final int SMALL_SHARE = 4;

  private static final int SMALL_SHARE_WHEN_MANY = 2;

  private final List<SegmentStats> all;
  private final CompactionGoal goal;
  private final int outputBytes;
  private final int spareBytes;
  private final boolean many;
  private final long liveBytes;
  private final long tombstoneBytes;
  private final long lowestPin;
  private final long secondPin;

  /**
   * The amounts that the plan depends on.
   *
   * @param outputBytes the approximate number of bytes to write
   * @param spareBytes the garbage that is tolerated under load, in bytes
   * @param many whether there are so many segments that they have to be merged
   */
  record Amounts(int outputBytes, int spareBytes, boolean many) {}

  CompactionPlan(List<SegmentStats> all, CompactionGoal goal, Amounts amounts) {
    this.all = all;
    this.goal = goal;
    this.outputBytes = amounts.outputBytes();
    this.spareBytes = goal == CompactionGoal.UNDER_LOAD ? amounts.spareBytes() : 0;
    this.many = amounts.many();
    this.liveBytes = SegmentStats.liveBytes(all);
    long tombstones = 0;
    long lowest = Long.MAX_VALUE;
    long second = Long.MAX_VALUE;
    for (SegmentStats each : all) {
      tombstones += each.tombstoneBytes();
      if (each.staleBytes() > 0) {
        second = Math.min(second, Math.max(lowest, each.pin()));
        lowest = Math.min(lowest, each.pin());
      }
    }
    this.tombstoneBytes = tombstones;
    this.lowestPin = lowest;
    this.secondPin = second;
  }

  /**
   * Returns the segments to rewrite, the inputs of the round; may be empty.
   *
   * @param room the maximum number of bytes to write
   */
  List<SegmentStats> inputs(long room) {
    List<SegmentStats> wanted = damaged();
    if (tombstonesAreTooMany()) {
      wanted.addAll(pinning(wanted));
    }
    if (tooMuchGarbage()) {
      wanted.addAll(wasteful(wanted));
    }
    if (wanted.isEmpty()) {
      wanted.addAll(small());
    }
    return asManyAsFit(wanted, room);
  }

  /**
   * Returns the damaged segments. They make backups fail, so they are rewritten as soon as their
   * damage is not needed any more.
   */
  private List<SegmentStats> damaged() {
    List<SegmentStats> damaged = new ArrayList<>();
    for (SegmentStats each : all) {
      if (each.movable() && each.segment().isDamaged()) {
        damaged.add(each);
      }
    }
    return damaged;
  }

  /** Returns the segments that pin tombstones, except some; those that pin most come first. */
  private List<SegmentStats> pinning(List<SegmentStats> except) {
    List<SegmentStats> pinning = new ArrayList<>();
    for (SegmentStats each : all) {
      if (each.movable() && each.staleBytes() > 0 && !each.isAmong(except)) {
        pinning.add(each);
      }
    }
    pinning.sort(
        new Comparator<>() {
          @Override
          public int compare(SegmentStats a, SegmentStats b) {
            return Long.compare(a.pin(), b.pin());
          }
        });
    return pinning;
  }

  /** Returns the segments with much garbage, except some; the largest share comes first. */
  private List<SegmentStats> wasteful(List<SegmentStats> except) {
    List<SegmentStats> wasteful = new ArrayList<>();
    for (SegmentStats each : all) {
      if (each.movable() && garbageShare(each) > goal.minShare() && !each.isAmong(except)) {
        wasteful.add(each);
      }
    }
    wasteful.sort(
        new Comparator<>() {
          @Override
          public int compare(SegmentStats a, SegmentStats b) {
            return Double.compare(garbageShare(b), garbageShare(a));
          }
        });
    return wasteful;
  }

  private boolean tombstonesAreTooMany() {
    long free = goal.isThorough() ? 0 : FREE_TOMBSTONE_BYTES;
    return tombstoneBytes > liveBytes / TOMBSTONE_SHARE + free;
  }

  private boolean tooMuchGarbage() {
    long sealed = 0;
    long kept = 0;
    for (SegmentStats figures : all) {
      if (figures.segment().sealed()) {
        sealed += figures.capacity() - SegmentStats.OVERHEAD_BYTES;
        kept += figures.liveBytes();
      }
    }
    return sealed > Math.max(kept * goal.ratio(), (double) kept + spareBytes);
  }

  private double garbageShare(SegmentStats figures) {
    return (double) garbage(figures) / figures.capacity();
  }

  /** Returns the garbage that rewriting a segment alone would remove, in bytes. */
  private long garbage(SegmentStats figures) {
    long pin = figures.staleBytes() > 0 && figures.pin() == lowestPin ? secondPin : lowestPin;
    boolean needed = pin <= figures.lastSequence();
    long kept = figures.liveBytes() + (needed ? figures.tombstoneBytes() : 0);
    return figures.capacity() - SegmentStats.OVERHEAD_BYTES - kept;
  }

  private List<SegmentStats> small() {
    int share = many ? SMALL_SHARE_WHEN_MANY : SMALL_SHARE;
    List<SegmentStats> small = new ArrayList<>();
    for (SegmentStats each : all) {
      if (each.movable() && each.capacity() < outputBytes / share) {
        small.add(each);
      }
    }
    small.sort(
        new Comparator<>() {
          @Override
          public int compare(SegmentStats a, SegmentStats b) {
            return Long.compare(a.capacity(), b.capacity());
          }
        });
    int enough = goal.isThorough() ? MERGED_SEGMENTS : MERGED_IN_BACKGROUND;
    return small.size() < (many ? MERGED_WHEN_MANY : enough) ? List.of() : small;
  }

  private List<SegmentStats> asManyAsFit(List<SegmentStats> wanted, long room) {
    List<SegmentStats> inputs = new ArrayList<>();
    long written = 0;
    for (SegmentStats figures : wanted) {
      long most = figures.liveBytes() + figures.tombstoneBytes() + SegmentStats.OVERHEAD_BYTES;
      boolean fits = written + most <= outputBytes || inputs.isEmpty();
      if (fits && written + most <= room) {
        inputs.add(figures);
        written += most;
      }
    }
    return inputs;
  }
}
