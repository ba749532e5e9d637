package io.kvstore.compaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses the segments that one round of compaction rewrites: those with the largest share of
 * garbage, as many as fill about one segment with what is left of them.
 *
 * <p>Garbage is what goes when a segment is rewritten: puts that are stale, the unused end of the
 * file, and tombstones, but only if no put that they hide can lie in another segment. A segment of
 * which nothing would go is never chosen, save to be merged with others that are small.
 */
final class CompactionPlan {
  /** When all tombstones take more than this part of what is live, what pins them goes first. */
  private static final int TOMBSTONE_SHARE = 8;

  /** Tombstones that are never too many. */
  private static final int FREE_TOMBSTONE_BYTES = 64 << 10;

  /** As many small segments are merged when somebody asks for it. */
  private static final int MERGED_SEGMENTS = 64;

  /** And as many otherwise: merging costs writes, and a store that has grown has hundreds. */
  private static final int MERGED_IN_BACKGROUND = 1024;

  /** Any two are merged when there are hardly places for more. */
  private static final int MERGED_WHEN_MANY = 2;

  /** A segment is small if it has less than this part of what a new one would have. */
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
   * How much of what.
   *
   * @param outputBytes about how much is to be written
   * @param spareBytes how much garbage may stay under load
   * @param many whether there are so many segments that they are to be merged
   */
  record Amounts(int outputBytes, int spareBytes, boolean many) {}

  CompactionPlan(List<SegmentStats> all, CompactionGoal goal, Amounts amounts) {
    this.all = all;
    this.goal = goal;
    this.outputBytes = amounts.outputBytes();
    this.spareBytes = goal == CompactionGoal.UNDER_LOAD ? amounts.spareBytes() : 0;
    this.many = amounts.many();
    this.liveBytes = all.stream().mapToLong(SegmentStats::liveBytes).sum();
    this.tombstoneBytes = all.stream().mapToLong(SegmentStats::tombstoneBytes).sum();
    long[] pins =
        all.stream()
            .filter(s -> s.staleBytes() > 0)
            .mapToLong(SegmentStats::pin)
            .sorted()
            .limit(2)
            .toArray();
    this.lowestPin = pins.length > 0 ? pins[0] : Long.MAX_VALUE;
    this.secondPin = pins.length > 1 ? pins[1] : Long.MAX_VALUE;
  }

  /**
   * Returns what to rewrite, or nothing.
   *
   * @param room how much may be written at most
   */
  List<SegmentStats> victims(long room) {
    List<SegmentStats> wanted = new ArrayList<>();
    // A damaged one keeps backups from being made: it goes as soon as it is not needed any more.
    all.stream().filter(s -> s.movable() && s.segment().isDamaged()).forEach(wanted::add);
    if (tombstonesAreTooMany()) {
      all.stream()
          .filter(s -> s.movable() && s.staleBytes() > 0 && !wanted.contains(s))
          .sorted(Comparator.comparingLong(SegmentStats::pin))
          .forEach(wanted::add);
    }
    if (tooMuchGarbage()) {
      all.stream()
          .filter(s -> s.movable() && !wanted.contains(s))
          .filter(s -> garbage(s) > s.capacity() * goal.minShare())
          .sorted(Comparator.comparingDouble(s -> -(double) garbage(s) / s.capacity()))
          .forEach(wanted::add);
    }
    if (wanted.isEmpty()) {
      wanted.addAll(small());
    }
    return asManyAsFit(wanted, room);
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

  /** Returns what would go if a segment were rewritten alone. */
  private long garbage(SegmentStats figures) {
    long pin = figures.staleBytes() > 0 && figures.pin() == lowestPin ? secondPin : lowestPin;
    boolean needed = pin <= figures.lastSequence();
    long kept = figures.liveBytes() + (needed ? figures.tombstoneBytes() : 0);
    return figures.capacity() - SegmentStats.OVERHEAD_BYTES - kept;
  }

  private List<SegmentStats> small() {
    int share = many ? SMALL_SHARE_WHEN_MANY : SMALL_SHARE;
    List<SegmentStats> small =
        all.stream()
            .filter(s -> s.movable() && s.capacity() < outputBytes / share)
            .sorted(Comparator.comparingLong(SegmentStats::capacity))
            .toList();
    int enough = goal.isThorough() ? MERGED_SEGMENTS : MERGED_IN_BACKGROUND;
    return small.size() < (many ? MERGED_WHEN_MANY : enough) ? List.of() : small;
  }

  private List<SegmentStats> asManyAsFit(List<SegmentStats> wanted, long room) {
    List<SegmentStats> victims = new ArrayList<>();
    long written = 0;
    for (SegmentStats figures : wanted) {
      long most = figures.liveBytes() + figures.tombstoneBytes() + SegmentStats.OVERHEAD_BYTES;
      boolean fits = written + most <= outputBytes || victims.isEmpty();
      if (fits && written + most <= room) {
        victims.add(figures);
        written += most;
      }
    }
    return victims;
  }
}
