package io.kvstore.compaction;

import io.kvstore.ClosedStoreException;
import io.kvstore.CorruptStoreException;
import io.kvstore.StoreListener;
import io.kvstore.log.Log;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Compaction of sealed segments, in rounds. A round selects segments with much garbage, collects
 * the records of them that are still needed, and has a {@link CompactionRound} replace the segments
 * by copies of those records.
 *
 * <p>Readers are never blocked: a dropped segment stays readable for those who hold it. Not
 * thread-safe: to be called from one thread of the store at a time. {@link #stats} and {@link
 * #stop} may be called from any thread.
 */
public final class Compaction {
  private final Log log;
  private final CompactedFiles files;
  private final IndexAccess live;
  private final EventDispatcher events;
  private final DiskBudget budget;
  private final CompactionRound.Shared shared;
  private final AtomicLong rounds = new AtomicLong();
  private final AtomicLong compactedBytes = new AtomicLong();
  private volatile boolean stopped;

  /** Whether the last selection had a segment whose damage excludes it from the round. */
  private boolean meetsDamage;

  public Compaction(Parts parts, IndexAccess live) {
    this.log = parts.log();
    this.files = parts.files();
    this.live = live;
    this.events = parts.events();
    this.budget = new DiskBudget(log, files);
    DroppedSegments dropped = new DroppedSegments(log, files);
    OutputWriter writer = new OutputWriter(parts);
    this.shared =
        new CompactionRound.Shared(
            log,
            files,
            live,
            writer,
            dropped,
            new Runnable() {
              @Override
              public void run() {
                requireRunning();
              }
            });
  }

  /**
   * The parts of a store that compaction uses.
   *
   * @param checksums whether records have checksums
   * @param tags of the writer, for the output
   */
  public record Parts(
      Log log, CompactedFiles files, boolean checksums, EventDispatcher events, WriterTags tags) {}

  /**
   * The counters since the store was opened.
   *
   * @param compactedBytes bytes that were written
   * @param unreleasedBytes bytes of deleted files that the system still holds for a mapping
   * @param spareBytes bytes of files that are kept for the next segments
   */
  public record Stats(long rounds, long compactedBytes, long unreleasedBytes, long spareBytes) {}

  public Stats stats() {
    return new Stats(
        rounds.get(), compactedBytes.get(), files.unreleasedBytes(), files.spareBytes());
  }

  /** Makes the current round end soon, without effect, and every later one. */
  public void stop() {
    stopped = true;
  }

  /** Seals the active segment, if compacting it makes the files smaller. */
  public void roll(CompactionGoal goal) {
    log.rollIfWorthwhile(goal == CompactionGoal.ALL);
  }

  /**
   * Compacts some segments.
   *
   * @return whether the store has fewer bytes on the disk now, or fewer segments; if not, another
   *     round gains nothing until something is written
   * @throws IOException if the disk fails; nothing has changed then
   */
  public boolean round(CompactionGoal goal) throws IOException {
    long start = System.nanoTime();
    long shown = log.shownSequence();
    live.settle();
    // From here on the stats are complete for all changes up to that one.
    List<SegmentStats> all = SegmentStats.of(log, shown);
    long liveBytes = SegmentStats.liveBytes(all);
    int outputBytes = budget.outputBytes(liveBytes);
    budget.throttle(all, liveBytes, outputBytes);
    try {
      boolean gained = round(new Selection(all, shown, start), goal, outputBytes);
      for (int i = 0; !gained && meetsDamage && i < all.size(); i++) {
        List<SegmentStats> now = SegmentStats.of(log, shown);
        gained = round(new Selection(now, shown, start), goal, outputBytes);
      }
      return gained;
    } finally {
      budget.endThrottle();
    }
  }

  /**
   * The segments that a round selects from.
   *
   * @param shown the last change for which their stats are complete
   */
  private record Selection(List<SegmentStats> all, long shown, long startNanos) {}

  private boolean round(Selection selection, CompactionGoal goal, int outputBytes)
      throws IOException {
    meetsDamage = false;
    List<SegmentStats> all = selection.all();
    CompactionPlan.Amounts amounts =
        new CompactionPlan.Amounts(outputBytes, budget.spareBytes(), log.segments().areMany());
    List<SegmentStats> inputs =
        new CompactionPlan(all, goal, amounts).inputs(budget.roomForOutput());
    if (inputs.isEmpty()) {
      return false;
    }
    List<Segment> segments = new ArrayList<>();
    List<SegmentStats> others = new ArrayList<>();
    for (SegmentStats each : all) {
      if (each.isAmong(inputs)) {
        segments.add(each.segment());
      } else {
        others.add(each);
      }
    }
    LiveRecordCollector kept = new LiveRecordCollector(live, others, shared.check());
    collect(inputs, kept);
    if (meetsDamage) {
      return false; // and another selection is made, without the segments that have to stay
    }
    List<LiveRecordCollector.Part> parts = kept.parts(outputBytes);
    long before = SegmentStats.capacity(inputs);
    long after = LiveRecordCollector.Part.capacity(parts);
    boolean gains = after < before || parts.size() < inputs.size() || hasDamage(segments);
    if (!gains || !budget.reserve(after)) {
      return false;
    }
    try {
      new CompactionRound(shared, segments, kept, selection.shown()).run(parts, after);
    } catch (CorruptStoreException e) {
      // A segment that had been checked has been damaged since. From now on its records are
      // verified.
      Segment damaged = damagedOne(segments, e);
      log.segments().damage().add(damaged, (int) e.offset(), (int) e.offset());
      meetsDamage = true;
      return false;
    }
    compactedBytes.addAndGet(after);
    rounds.incrementAndGet();
    publish(
        new StoreListener.Compaction(
            EventDispatcher.since(selection.startNanos()),
            inputs.size(),
            parts.size(),
            before,
            after));
    return true;
  }

  private void publish(StoreListener.Compaction done) {
    if (events.hasListener()) {
      events.publish(
          new Consumer<>() {
            @Override
            public void accept(StoreListener listener) {
              listener.onCompaction(done);
            }
          });
    }
  }

  private void collect(List<SegmentStats> inputs, LiveRecordCollector kept) {
    for (SegmentStats input : inputs) {
      List<LiveRecordCollector.Hole> holes = kept.collect(input.segment());
      if (!holes.isEmpty() && mustKeep(input.segment(), holes, kept.tombstoneBytes())) {
        input.segment().stale().keepDamage();
        meetsDamage = true;
      }
    }
  }

  /**
   * Reports damage, and returns whether the segment has to stay as it is: because an index points
   * at the damage, and the entry has to stay known as damaged; or because the damage may be a
   * tombstone that hides an older put.
   */
  private boolean mustKeep(
      Segment segment, List<LiveRecordCollector.Hole> holes, long tombstoneBytes) {
    boolean needed = tombstoneBytes < segment.tombstoneBytes();
    for (LiveRecordCollector.Hole hole : holes) {
      log.segments().damage().add(segment, hole.from(), hole.to());
      needed |= live.pointsInto(segment.place(), hole.from(), hole.to());
    }
    return needed;
  }

  private static boolean hasDamage(List<Segment> segments) {
    for (Segment segment : segments) {
      if (segment.isDamaged()) {
        return true;
      }
    }
    return false;
  }

  private static Segment damagedOne(List<Segment> segments, CorruptStoreException e) {
    for (Segment segment : segments) {
      if (e.file().equals(segment.file())) {
        return segment;
      }
    }
    throw e;
  }

  private void requireRunning() {
    if (stopped) {
      throw new ClosedStoreException("the store is being closed");
    }
    log.failure().requireNone();
  }
}
