package io.kvstore.log;

import io.kvstore.ClosedStoreException;
import io.kvstore.StoreListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites segments with much garbage, a round at a time: what is still needed of some of them goes
 * into segments of its own, then the indexes are pointed there, and the old files go.
 *
 * <p>The order makes a crash harmless at every moment. The new segments are synced, and so is all
 * that has made records of the old ones stale, before a new list of segments replaces the old one;
 * and only then is an old file deleted. What the list does not name is deleted by the next opening.
 *
 * <p>Readers are never in the way: a segment that is dropped stays readable for who holds it. For
 * one thread, one of the store's; only {@link #stats} and {@link #stop} are for all.
 */
public final class Compaction {
  /**
   * Writers are slowed down when the disk holds so many times what is live, and so many segments.
   */
  private static final double BRAKE_RATIO = 1.8;

  private static final int SPARE_SEGMENTS = 3;

  /** Every write waits when it holds so many times more. */
  private static final double FULL_BRAKE_RATIO = 0.2;

  private static final int FULL_BRAKE_SEGMENTS = 3;

  private final Log log;
  private final CompactedFiles files;
  private final LiveRecords live;
  private final boolean checksums;
  private final AtomicLong unreleasedBytes;
  private final Events events;
  private final AtomicLong rounds = new AtomicLong();
  private final AtomicLong compactedBytes = new AtomicLong();
  private volatile boolean stopped;

  /** Segments that the list may name again after a power cut. */
  private final List<Segment> undeleted = new ArrayList<>();

  Compaction(Parts parts, LiveRecords live) {
    this.log = parts.log();
    this.files = parts.files();
    this.live = live;
    this.checksums = parts.checksums();
    this.unreleasedBytes = parts.unreleasedBytes();
    this.events = parts.events();
  }

  /**
   * What compaction works with.
   *
   * @param checksums whether records have any
   */
  record Parts(
      Log log,
      CompactedFiles files,
      boolean checksums,
      AtomicLong unreleasedBytes,
      Events events) {}

  /**
   * What it has done since the store was opened.
   *
   * @param compactedBytes bytes that were written
   * @param unreleasedBytes bytes of deleted files that the system still holds for a mapping
   */
  public record Stats(long rounds, long compactedBytes, long unreleasedBytes) {}

  /** Returns the counters. */
  public Stats stats() {
    return new Stats(rounds.get(), compactedBytes.get(), unreleasedBytes.get());
  }

  /** Makes a round under way end soon, without effect, and every later one. */
  public void stop() {
    stopped = true;
  }

  /** Seals the active segment, if the disk gets smaller by it once it is compacted. */
  public void roll(CompactionGoal goal) {
    log.rollIfWorthwhile(goal == CompactionGoal.ALL);
  }

  /**
   * Compacts some segments.
   *
   * @return whether there is less on the disk now, or fewer segments; if not, asking again brings
   *     nothing as long as nothing is written
   * @throws IOException if the disk refused; nothing has changed then
   * @throws io.kvstore.CorruptStoreException if a record is damaged; nothing has changed then
   */
  public boolean round(CompactionGoal goal) throws IOException {
    long start = System.nanoTime();
    long shown = log.shownSequence();
    live.settle();
    // From here on, what the figures say of changes up to then is all that there is to say.
    List<SegmentFigures> all = SegmentFigures.of(log, shown);
    long liveBytes = all.stream().mapToLong(SegmentFigures::liveBytes).sum();
    int outputBytes = log.sizes().output(liveBytes);
    long diskBytes = all.stream().mapToLong(SegmentFigures::capacity).sum();
    double allowed = Math.max(BRAKE_RATIO * liveBytes, (double) liveBytes + spareBytes());
    double ahead = diskBytes - allowed - (double) SPARE_SEGMENTS * outputBytes;
    double far = FULL_BRAKE_RATIO * liveBytes + (double) FULL_BRAKE_SEGMENTS * outputBytes;
    log.brake().set(Math.max(0, ahead / far));
    try {
      StoreListener.Compaction done = round(new Look(all, shown, start), goal, outputBytes);
      if (done == null) {
        return false;
      }
      compactedBytes.addAndGet(done.bytesAfter());
      rounds.incrementAndGet();
      events.tell(listener -> listener.onCompaction(done));
      return true;
    } finally {
      log.brake().set(0);
    }
  }

  /**
   * The segments at the start of a round.
   *
   * @param shown the last change that their figures say all of
   */
  private record Look(List<SegmentFigures> all, long shown, long startNanos) {}

  private StoreListener.@Nullable Compaction round(Look look, CompactionGoal goal, int outputBytes)
      throws IOException {
    List<SegmentFigures> all = look.all();
    List<SegmentFigures> victims =
        new CompactionPlan(all, goal, outputBytes, spareBytes()).victims(roomForOutput());
    if (victims.isEmpty()) {
      return null;
    }
    List<SegmentFigures> others = all.stream().filter(s -> !victims.contains(s)).toList();
    KeptRecords kept = new KeptRecords(live, others, this::requireRunning);
    for (SegmentFigures victim : victims) {
      kept.collect(victim.segment());
    }
    List<KeptRecords.Part> parts = kept.parts(outputBytes);
    long before = victims.stream().mapToLong(SegmentFigures::capacity).sum();
    long after = parts.stream().mapToLong(KeptRecords.Part::capacity).sum();
    boolean gains = after < before || parts.size() < victims.size();
    if (!gains || !reserve(after)) {
      return null;
    }
    new Round(victims.stream().map(SegmentFigures::segment).toList(), kept, look.shown())
        .run(parts, after);
    return new StoreListener.Compaction(
        Events.since(look.startNanos()), victims.size(), parts.size(), before, after);
  }

  private int spareBytes() {
    return log.sizes().spareBytes();
  }

  /** Returns how much may be written now, and counts nothing yet: writers may come first. */
  private long roomForOutput() {
    return log.sizes().roomForOutput(log.diskBytes());
  }

  /** Counts what is about to be written, unless there is no room by now. */
  private boolean reserve(long bytes) {
    return log.locked(
        () -> {
          boolean fits = bytes <= roomForOutput();
          log.addDiskBytes(fits ? bytes : 0);
          return fits;
        });
  }

  private void requireRunning() {
    if (stopped) {
      throw new ClosedStoreException("the store is being closed");
    }
  }

  /** The part of a round that changes something, all of it or nothing. */
  private final class Round {
    private final List<Segment> victims;
    private final KeptRecords kept;
    private final long shown;
    private final List<Segment> outputs = new ArrayList<>();
    private boolean moved;
    private boolean listed;

    Round(List<Segment> victims, KeptRecords kept, long shown) {
      this.victims = victims;
      this.kept = kept;
      this.shown = shown;
    }

    void run(List<KeptRecords.Part> parts, long reserved) throws IOException {
      try {
        for (KeptRecords.Part part : parts) {
          outputs.add(write(part));
        }
        requireRunning();
        moved = true;
        live.moved(kept.moves());
        commit();
      } catch (Throwable e) {
        if (!listed) {
          long written = outputs.stream().mapToLong(Segment::capacity).sum();
          takeBack();
          log.addDiskBytes(written - reserved);
          throw e;
        }
        // In doubt: whichever list a power cut leaves, its files are there.
        drop(victims, outputs);
        undeleted.addAll(victims);
        throw e;
      }
      drop(victims, outputs);
      undeleted.addAll(victims);
      delete(undeleted);
      undeleted.clear();
    }

    private Segment write(KeptRecords.Part part) throws IOException {
      CompactedFiles.Output output = null;
      try {
        output = files.create(part.capacity());
        CompactionWriter writer = new CompactionWriter(output, checksums);
        int[] offsets = new int[part.to() - part.from()];
        for (int i = part.from(); i < part.to(); i++) {
          offsets[i - part.from()] = writer.end();
          kept.copy(i, writer);
        }
        Segment segment = writer.finish(shown);
        log.segments().addUnseen(segment);
        kept.written(part, segment.place(), offsets);
        return segment;
      } catch (Throwable e) {
        if (output != null) {
          output.abandon();
        }
        throw e;
      }
    }

    private void commit() throws IOException {
      ActiveSegment active = log.active();
      if (active == null) {
        throw new IllegalStateException("sealed segments, and no active one");
      }
      awaitSync();
      long through = active.segment().id() - 1;
      SortedSet<Long> logIds = new TreeSet<>();
      SortedSet<Long> compactedIds = new TreeSet<>();
      outputs.forEach(output -> compactedIds.add(output.id()));
      for (Segment segment : log.segments().list()) {
        if (segment.isCompacted() && !victims.contains(segment)) {
          compactedIds.add(segment.id());
        } else if (segment.id() <= through && !victims.contains(segment)) {
          logIds.add(segment.id());
        }
      }
      long synced = Math.max(log.syncedSequence(), active.since());
      files.commit(
          new SegmentList(through, active.since(), synced, logIds, compactedIds),
          () -> listed = true);
    }

    /** What has made records stale must not be lost when the records are gone. */
    private void awaitSync() throws IOException {
      CompletableFuture<Void> sync = log.sync();
      try {
        StoreThread.await(sync);
      } catch (ExecutionException e) {
        throw new IOException("can't sync before segments are dropped: " + e.getCause(), e);
      }
    }

    private void takeBack() {
      if (moved) {
        live.takeBack(kept.moves());
      }
      drop(outputs, List.of());
      delete(outputs);
    }

    private void drop(List<Segment> segments, List<Segment> instead) {
      log.segments().retire(segments, instead, log.sequence());
      log.segments().free(live::oldestSnapshot);
    }

    private void delete(List<Segment> segments) {
      for (Segment segment : segments) {
        files.delete(segment);
        log.addDiskBytes(-segment.capacity());
      }
    }
  }
}
