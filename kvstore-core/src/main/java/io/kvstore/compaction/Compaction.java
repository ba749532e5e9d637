package io.kvstore.compaction;

import io.kvstore.ClosedStoreException;
import io.kvstore.CorruptStoreException;
import io.kvstore.StoreListener;
import io.kvstore.log.ActiveSegment;
import io.kvstore.log.Log;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.StoreThread;
import io.kvstore.segment.SealedIds;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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

  /** Garbage that stays under load takes at most this part of what is free on the disk. */
  private static final int SPARE_SHARE = 4;

  /** Every write waits when it holds so many times more. */
  private static final double FULL_BRAKE_RATIO = 0.2;

  private static final int FULL_BRAKE_SEGMENTS = 3;

  private final Log log;
  private final CompactedFiles files;
  private final IndexAccess live;
  private final boolean checksums;
  private final EventDispatcher events;
  private final WriterTags tags;
  private final AtomicLong rounds = new AtomicLong();
  private final AtomicLong compactedBytes = new AtomicLong();
  private volatile boolean stopped;

  /** Whether the last choice of segments had one with damage that it could not be made with. */
  private boolean meetsDamage;

  /** What is written goes through it; null before anything has been. */
  private @Nullable ByteBuffer buffer;

  /** Segments that the list may name again after a power cut. */
  private final List<Segment> undeleted = new ArrayList<>();

  /** Segments whose files could not be deleted: the next opening does it. */
  private final List<Segment> undeletable = new ArrayList<>();

  public Compaction(Parts parts, IndexAccess live) {
    this.log = parts.log();
    this.files = parts.files();
    this.live = live;
    this.checksums = parts.checksums();
    this.events = parts.events();
    this.tags = parts.tags();
  }

  /**
   * What compaction works with.
   *
   * @param checksums whether records have any
   * @param tags of who writes
   */
  public record Parts(
      Log log, CompactedFiles files, boolean checksums, EventDispatcher events, WriterTags tags) {}

  /**
   * What it has done since the store was opened.
   *
   * @param compactedBytes bytes that were written
   * @param unreleasedBytes bytes of deleted files that the system still holds for a mapping
   * @param spareBytes bytes of files that are kept for the next segments
   */
  public record Stats(long rounds, long compactedBytes, long unreleasedBytes, long spareBytes) {}

  /** Returns the counters. */
  public Stats stats() {
    return new Stats(
        rounds.get(), compactedBytes.get(), files.unreleasedBytes(), files.spareBytes());
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
   */
  public boolean round(CompactionGoal goal) throws IOException {
    long start = System.nanoTime();
    long shown = log.shownSequence();
    live.settle();
    // From here on, what the figures say of changes up to then is all that there is to say.
    List<SegmentStats> all = SegmentStats.of(log, shown);
    long liveBytes = all.stream().mapToLong(SegmentStats::liveBytes).sum();
    int outputBytes =
        Math.max(log.sizes().output(liveBytes), log.segments().leastOutput(liveBytes));
    long diskBytes = all.stream().mapToLong(SegmentStats::capacity).sum();
    double allowed = Math.max(BRAKE_RATIO * liveBytes, (double) liveBytes + spareBytes());
    double ahead = diskBytes - allowed - (double) SPARE_SEGMENTS * outputBytes;
    double far = FULL_BRAKE_RATIO * liveBytes + (double) FULL_BRAKE_SEGMENTS * outputBytes;
    log.brake().set(Math.max(0, ahead / far));
    try {
      Look look = new Look(all, shown, start);
      boolean gained = round(look, goal, outputBytes);
      for (int i = 0; !gained && meetsDamage && i < all.size(); i++) {
        Look again = new Look(SegmentStats.of(log, shown), shown, start);
        gained = round(again, goal, outputBytes);
      }
      return gained;
    } finally {
      log.brake().set(0);
    }
  }

  /**
   * The segments at the start of a round.
   *
   * @param shown the last change that their figures say all of
   */
  private record Look(List<SegmentStats> all, long shown, long startNanos) {}

  private boolean round(Look look, CompactionGoal goal, int outputBytes) throws IOException {
    meetsDamage = false;
    List<SegmentStats> all = look.all();
    CompactionPlan.Amounts amounts =
        new CompactionPlan.Amounts(outputBytes, spareBytes(), log.segments().areMany());
    List<SegmentStats> victims = new CompactionPlan(all, goal, amounts).victims(roomForOutput());
    if (victims.isEmpty()) {
      return false;
    }
    List<SegmentStats> others = all.stream().filter(s -> !victims.contains(s)).toList();
    LiveRecordCollector kept = new LiveRecordCollector(live, others, this::requireRunning);
    for (SegmentStats victim : victims) {
      List<LiveRecordCollector.Hole> holes = kept.collect(victim.segment());
      if (!holes.isEmpty() && mustKeep(victim.segment(), holes, kept.tombstoneBytes())) {
        victim.segment().stale().keepDamage();
        meetsDamage = true;
      }
    }
    if (meetsDamage) {
      return false; // and another choice is made, without what has to stay
    }
    List<LiveRecordCollector.Part> parts = kept.parts(outputBytes);
    long before = victims.stream().mapToLong(SegmentStats::capacity).sum();
    long after = parts.stream().mapToLong(LiveRecordCollector.Part::capacity).sum();
    boolean gains =
        after < before
            || parts.size() < victims.size()
            || victims.stream().anyMatch(victim -> victim.segment().isDamaged());
    if (!gains || !reserve(after)) {
      return false;
    }
    List<Segment> segments = victims.stream().map(SegmentStats::segment).toList();
    try {
      new Round(segments, kept, look.shown()).run(parts, after);
    } catch (CorruptStoreException e) {
      // One that had been checked has been damaged since. From now on its records are looked at.
      Segment damaged = damagedOne(segments, e);
      log.segments().damage().add(damaged, (int) e.offset(), (int) e.offset());
      meetsDamage = true;
      return false;
    }
    compactedBytes.addAndGet(after);
    rounds.incrementAndGet();
    StoreListener.Compaction done =
        new StoreListener.Compaction(
            EventDispatcher.since(look.startNanos()), victims.size(), parts.size(), before, after);
    if (events.haveListener()) {
      events.tell(listener -> listener.onCompaction(done));
    }
    return true;
  }

  /**
   * Reports damage, and tells whether a segment with it has to stay as it is: an index points at
   * what is damaged, so that it is known to be, or it may be a tombstone that hides an older put.
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

  private static Segment damagedOne(List<Segment> segments, CorruptStoreException e) {
    for (Segment segment : segments) {
      if (e.file().equals(segment.file())) {
        return segment;
      }
    }
    throw e;
  }

  /** Garbage may take a part of what the disk has left, so that there is room to compact it. */
  private int spareBytes() throws IOException {
    return (int) Math.min(log.sizes().spareBytes(), files.usableBytes() / SPARE_SHARE);
  }

  /** Returns how much may be written now, and counts nothing yet: writers may come first. */
  private long roomForOutput() {
    return log.sizes().roomForOutput(log.diskBytes());
  }

  /** Counts what is about to be written, unless there is no room by now. */
  private boolean reserve(long bytes) throws IOException {
    if (log.isLimited() && bytes + files.spareBytes() > roomForOutput()) {
      files.clearSpares();
    }
    return log.locked(
        () -> {
          boolean fits = bytes <= roomForOutput();
          log.addDiskBytes(fits ? bytes : 0);
          return fits;
        });
  }

  private ByteBuffer buffer(int capacity) {
    ByteBuffer known = buffer;
    if (known == null || known.capacity() < CompactionWriter.bufferBytes(capacity)) {
      known = CompactionWriter.newBuffer(capacity);
      buffer = known;
    }
    return known;
  }

  private void requireRunning() {
    if (stopped) {
      throw new ClosedStoreException("the store is being closed");
    }
    log.failure().requireNone();
  }

  /** The part of a round that changes something, all of it or nothing. */
  private final class Round {
    private final List<Segment> victims;
    private final LiveRecordCollector kept;
    private final long shown;
    private final List<Segment> outputs = new ArrayList<>();
    private boolean moved;
    private boolean listed;

    Round(List<Segment> victims, LiveRecordCollector kept, long shown) {
      this.victims = victims;
      this.kept = kept;
      this.shown = shown;
    }

    /**
     * @param toWrite bytes that are counted already
     */
    void run(List<LiveRecordCollector.Part> parts, long toWrite) throws IOException {
      long reserved = toWrite;
      try {
        for (LiveRecordCollector.Part part : parts) {
          outputs.add(write(part));
        }
        long surplus = written() - reserved;
        log.addDiskBytes(surplus);
        reserved += surplus;
        requireRunning();
        kept.moves().prepare();
        moved = true;
        live.moved(kept.moves());
        commit();
      } catch (Throwable e) {
        if (listed) {
          dropVictims(); // in doubt: whichever list a power cut leaves, its files are there
        } else {
          takeBack(reserved);
        }
        throw e;
      }
      dropVictims();
      delete(undeleted);
      undeleted.clear();
    }

    private long written() {
      long bytes = 0;
      for (int i = 0; i < outputs.size(); i++) {
        bytes += outputs.get(i).diskBytes();
      }
      return bytes;
    }

    private Segment write(LiveRecordCollector.Part part) throws IOException {
      CompactedFiles.Output output = null;
      try {
        output = files.create(part.capacity());
        CompactionWriter writer = new CompactionWriter(output, buffer(part.capacity()), checksums);
        int[] offsets = new int[part.to() - part.from()];
        for (int i = part.from(); i < part.to(); i++) {
          offsets[i - part.from()] = writer.end();
          kept.copy(i, writer);
        }
        Segment segment = writer.finish(shown, tags.claim());
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
      SealedIds inLog = new SealedIds();
      SealedIds compacted = new SealedIds();
      outputs.forEach(compacted::add);
      for (Segment segment : log.segments().list()) {
        if (segment.isCompacted() && !victims.contains(segment)) {
          compacted.add(segment);
        } else if (segment.id() <= through && !victims.contains(segment)) {
          inLog.add(segment);
        }
      }
      SegmentList.Dropped dropped = SegmentList.Dropped.none();
      victims.forEach(dropped::add);
      undeleted.forEach(dropped::add);
      undeletable.forEach(dropped::add);
      SegmentList.Next next = new SegmentList.Next(active.segment().secret(), active.anchor());
      long synced = Math.max(log.syncedSequence(), active.since());
      files.commit(
          new SegmentList(through, active.since(), synced, next, inLog, compacted, dropped),
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

    /** Undoes what has been done. */
    private void takeBack(long reserved) {
      long written = written(); // needs no memory, so it comes before what may need some
      try {
        if (moved) {
          live.takeBack(kept.moves());
        }
        drop(outputs, List.of());
        delete(outputs);
        log.addDiskBytes(written - reserved);
      } catch (Throwable e) {
        // Indexes may point at what was written: it stays until the store is opened anew.
        throw log.failure().noteUnexpected(e);
      }
    }

    /** Does in memory what the list has done on the disk. */
    private void dropVictims() {
      try {
        undeleted.addAll(victims);
        drop(victims, outputs);
      } catch (Throwable e) {
        // The next list would not name what the indexes point at.
        throw log.failure().noteUnexpected(e);
      }
    }

    private void drop(List<Segment> segments, List<Segment> instead) {
      log.segments().retire(segments, instead, log.sequence());
      log.segments().free(live::oldestSnapshot);
    }

    private void delete(List<Segment> segments) {
      log.addDiskBytes(-segments.stream().mapToLong(Segment::diskBytes).sum());
      undeletable.addAll(files.delete(segments, log.segments(), log.diskBytes()));
    }
  }
}
