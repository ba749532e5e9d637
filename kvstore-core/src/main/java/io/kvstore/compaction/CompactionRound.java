package io.kvstore.compaction;

import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentList;
import io.kvstore.log.ActiveSegment;
import io.kvstore.log.Log;
import io.kvstore.platform.StoreThread;
import io.kvstore.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * The part of a round of {@link Compaction} that changes something: replaces segments by copies of
 * their live records. All of it happens, or nothing.
 *
 * <p>The order makes a crash harmless at every step. The output is synced, and so is everything
 * that has made records of the inputs stale, before a new segment list replaces the old one; and
 * only then are the files of the inputs deleted. The next opening deletes files that the list does
 * not name.
 */
final class CompactionRound {
  private final Log log;
  private final IndexAccess live;
  private final Shared shared;
  private final List<Segment> inputs;
  private final LiveRecordCollector kept;
  private final long sequence;
  private final List<Segment> outputs = new ArrayList<>();

  /** Whether indexes may point at the outputs. */
  private boolean moved;

  /** Whether the new segment list may be the one on the disk. */
  private boolean listed;

  /**
   * What all rounds of a store have in common.
   *
   * @param check throws if the round has to end
   */
  record Shared(
      Log log,
      CompactedFiles files,
      IndexAccess live,
      OutputWriter writer,
      DroppedSegments dropped,
      Runnable check) {}

  /**
   * @param kept the live records of the inputs
   * @param sequence of the last change that may be in the inputs
   */
  CompactionRound(Shared shared, List<Segment> inputs, LiveRecordCollector kept, long sequence) {
    this.shared = shared;
    this.log = shared.log();
    this.live = shared.live();
    this.inputs = inputs;
    this.kept = kept;
    this.sequence = sequence;
  }

  /**
   * Runs the round.
   *
   * @param parts the records of each output
   * @param toWrite bytes of the output, which are counted as disk space already
   * @throws IOException if the disk fails; nothing has changed then, unless the segment list was
   *     being replaced
   */
  void run(List<LiveRecordCollector.Part> parts, long toWrite) throws IOException {
    long reserved = toWrite;
    try {
      for (LiveRecordCollector.Part part : parts) {
        outputs.add(shared.writer().write(kept, part, sequence));
      }
      long surplus = written() - reserved;
      log.addDiskBytes(surplus);
      reserved += surplus;
      shared.check().run();
      kept.moves().prepare();
      moved = true;
      live.moved(kept.moves());
      commit();
    } catch (Throwable e) {
      if (listed) {
        dropInputs(); // in doubt: whichever list a power cut leaves, its files are there
      } else {
        revert(reserved);
      }
      throw e;
    }
    dropInputs();
    shared.dropped().delete();
  }

  private long written() {
    long bytes = 0;
    for (int i = 0; i < outputs.size(); i++) {
      bytes += outputs.get(i).diskBytes();
    }
    return bytes;
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
    for (Segment segment : outputs) {
      compacted.add(segment);
    }
    for (Segment segment : log.segments().list()) {
      if (segment.isCompacted() && !inputs.contains(segment)) {
        compacted.add(segment);
      } else if (segment.id() <= through && !inputs.contains(segment)) {
        inLog.add(segment);
      }
    }
    SegmentList.Dropped dropped = SegmentList.Dropped.none();
    dropped.addAll(inputs);
    shared.dropped().addTo(dropped);
    SegmentList.Next next = new SegmentList.Next(active.segment().secret(), active.anchor());
    long synced = Math.max(log.syncedSequence(), active.since());
    shared
        .files()
        .commit(
            new SegmentList(through, active.since(), synced, next, inLog, compacted, dropped),
            new Runnable() {
              @Override
              public void run() {
                listed = true;
              }
            });
  }

  /** Waits for a sync: what has made records stale must not be lost when the records are gone. */
  private void awaitSync() throws IOException {
    CompletableFuture<Void> sync = log.sync();
    try {
      StoreThread.await(sync);
    } catch (ExecutionException e) {
      throw new IOException("can't sync before segments are dropped: " + e.getCause(), e);
    }
  }

  /** Undoes a round whose segment list was not written. */
  private void revert(long reserved) {
    long written = written(); // needs no memory, so it comes before what may need some
    try {
      if (moved) {
        live.revert(kept.moves());
      }
      drop(outputs, List.of());
      shared.dropped().delete(outputs);
      log.addDiskBytes(written - reserved);
    } catch (Throwable e) {
      // Indexes may point at the outputs: they stay until the store is reopened.
      throw log.failure().noteUnexpected(e);
    }
  }

  /** Does in memory what the segment list has done on the disk. */
  private void dropInputs() {
    try {
      shared.dropped().addAll(inputs);
      drop(inputs, outputs);
    } catch (Throwable e) {
      // The next list would not name what the indexes point at.
      throw log.failure().noteUnexpected(e);
    }
  }

  private void drop(List<Segment> segments, List<Segment> instead) {
    log.segments().retire(segments, instead, log.sequence());
    log.segments()
        .free(
            new LongSupplier() {
              @Override
              public long getAsLong() {
                return live.oldestSnapshot();
              }
            });
  }
}
