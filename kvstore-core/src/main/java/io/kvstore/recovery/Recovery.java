package io.kvstore.recovery;

import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.log.RecoveredLog;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.StoreLogger;
import io.kvstore.record.Location;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScan;
import io.kvstore.segment.SegmentScanner;
import io.kvstore.segment.SegmentState;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Recovery of a log: reads it, passes every change to a {@link RecoveryTarget}, cuts off a torn
 * tail by {@link RecoveryRules}, and leaves the log ready for appends.
 */
public final class Recovery {
  private final SegmentFiles files;
  private final RecoveryTarget target;
  private final RecoveryProgress progress;
  private final WriterTags tags;

  /** Segments, those that the list names first, and what was found in each. */
  private record Scanned(List<Segment> segments, List<SegmentScan> scans) {}

  Recovery(SegmentFiles files, RecoveryTarget target, RecoveryProgress progress, WriterTags tags) {
    this.files = files;
    this.target = target;
    this.progress = progress;
    this.tags = tags;
  }

  /** Recovers into segments that the target may already read from while it is told of changes. */
  RecoveredLog run(SegmentTable segments) throws IOException {
    segments.clear();
    target.reset();
    DirectoryScan found = DirectoryScan.in(files);
    PositionCheck position = new PositionCheck(target.position());
    requireAsLeft(found);
    List<Segment> all = mapAll(found, position);
    boolean goesOn = position.holds(found.list().through());
    List<SegmentScan> starts = goesOn ? restored(all, segments, position) : none(all, segments);
    progress.start(bytesToRead(all, starts));
    List<SegmentScan> allScans =
        new ParallelScan(files, target, progress.counter(), all, starts).run();
    int whole = found.whole().size();
    RecoveryRules.requireListed(files, all.subList(0, whole), allScans.subList(0, whole));

    Scanned chain =
        new Scanned(all.subList(whole, all.size()), allScans.subList(whole, all.size()));
    long known = goesOn ? position.sequence() : 0;
    RecoveryRules.Verdict verdict = judge(found.list(), chain, position, known);
    int tail = verdict.tail();
    int upTo = Math.min(all.size(), whole + tail + 1);
    SegmentChainCheck.require(files, found, all.subList(0, upTo), allScans.subList(0, upTo));
    verdict.requireAccepted(files);
    ObsoleteSegments leftovers = new ObsoleteSegments(files, found.list(), tags);
    leftovers.clear(found.leftovers(), leftovers.strays(found.leftovers()));
    long cut = verdict.tornBytes();
    if (cut > 0) {
      cut(leftovers, chain, tail, cut);
      RecoveredLog rest = run(segments);
      return rest.withCut(cut + rest.cutBytes());
    }
    target.finish();
    Ends ends = new Ends(found, whole + tail, Math.max(found.list().synced(), known));
    return finish(segments, new Scanned(all, allScans), ends);
  }

  // ---- what is there

  /** Refuses another segment in the place of the one that was the last, whatever it is now. */
  private void requireAsLeft(DirectoryScan found) throws IOException {
    boolean isEmpty = found.whole().isEmpty() && found.chain().isEmpty();
    if (isEmpty || found.leftovers().contains(files.path(tags.left().id()))) {
      tags.left().requireNoOtherIn(files.directory());
    }
    requireAsLeft(found.whole());
    requireAsLeft(found.chain());
  }

  private void requireAsLeft(List<SegmentHeader> headers) {
    for (SegmentHeader header : headers) {
      tags.left().require(header, files.path(header));
    }
  }

  private List<Segment> mapAll(DirectoryScan found, PositionCheck position) throws IOException {
    List<Segment> all = new ArrayList<>();
    for (SegmentHeader header : found.whole()) {
      all.add(files.openWhole(header, position));
    }
    for (SegmentHeader header : found.chain()) {
      all.add(files.openWhole(header, position));
    }
    return all;
  }

  // ---- where to start

  private static List<SegmentScan> none(List<Segment> all, SegmentTable segments) {
    for (Segment segment : all) {
      segments.add(segment);
    }
    return Collections.nCopies(all.size(), SegmentScan.START);
  }

  /**
   * Gives each segment its place, and returns what is known of it before it is scanned: what the
   * target has, or nothing.
   */
  private List<SegmentScan> restored(
      List<Segment> all, SegmentTable segments, PositionCheck position) {
    Map<SegmentHeader, SegmentState> known = position.known();
    int end = 0;
    for (SegmentState state : known.values()) {
      end = Math.max(end, state.place() + 1);
    }
    BitSet there = new BitSet();
    for (Segment segment : all) {
      SegmentState state = known.get(segment.header());
      if (state != null) {
        segments.addAt(state.place(), segment);
        there.set(state.place());
      }
    }
    segments.startAt(end);
    for (Segment segment : all) {
      if (!known.containsKey(segment.header())) {
        segments.add(segment);
      }
    }
    boolean restored =
        target.restore(
            position.isComplete()
                ? null
                : new LongPredicate() {
                  @Override
                  public boolean test(long location) {
                    return there.get(Location.place(location));
                  }
                });
    List<SegmentScan> starts = new ArrayList<>();
    for (Segment segment : all) {
      SegmentState state = restored ? known.get(segment.header()) : null;
      if (state != null) {
        segment.restored(state);
      }
      starts.add(state == null ? SegmentScan.START : state.scan());
    }
    return starts;
  }

  private static long bytesToRead(List<Segment> segments, List<SegmentScan> starts) {
    long bytes = 0;
    for (int i = 0; i < segments.size(); i++) {
      bytes += starts.get(i).sealed() ? 0 : segments.get(i).mappedBytes() - starts.get(i).end();
    }
    return bytes;
  }

  // ---- where it ends

  /**
   * @param known the last change that a checkpoint of these files proves to have been synced
   */
  private RecoveryRules.Verdict judge(
      SegmentList list, Scanned chain, PositionCheck position, long known) throws IOException {
    List<RecoveryRules.Found> log = new ArrayList<>();
    for (int i = 0; i < chain.scans().size(); i++) {
      Segment segment = chain.segments().get(i);
      SegmentScan scan = chain.scans().get(i);
      long behind = scan.damaged() ? markedAfter(segment, scan.end()) : 0;
      log.add(
          new RecoveryRules.Found(
              segment.id(),
              scan,
              Math.max(scan.markedSequence(), behind),
              position.provenIn(segment.header()),
              segment.mappedBytes() < segment.capacity()));
    }
    return RecoveryRules.judge(list, log, new RecoveryRules.Known(known, false));
  }

  private long markedAfter(Segment segment, int end) throws IOException {
    Path path = files.path(segment.header());
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      SegmentScanner scanner = new SegmentScanner(progress.counter());
      scanner.use(channel, segment.header());
      return scanner.markedAfter(end);
    }
  }

  /** Cuts the torn tail: the last file first, so that a crash leaves the same to be cut. */
  private void cut(ObsoleteSegments leftovers, Scanned chain, int tail, long bytes)
      throws IOException {
    Segment segment = chain.segments().get(tail);
    Path path = files.path(segment.header());
    int end = chain.scans().get(tail).end();
    StoreLogger.get()
        .log(
            System.Logger.Level.WARNING,
            "cutting a torn tail of {0} bytes off the log: from {1}, offset {2}",
            bytes,
            path,
            end);
    leftovers.dropOldCuts();
    for (int i = chain.segments().size() - 1; i > tail; i--) {
      Path later = files.path(chain.segments().get(i).header());
      if (chain.scans().get(i).isEmpty()) {
        files.delete(later);
      } else {
        leftovers.cut(later);
      }
      files.syncDirectory();
    }
    files.blank(path, end, segment.capacity());
  }

  // ---- how it goes on

  /**
   * Where a log ends.
   *
   * @param tail the one to append to, among all; there is none if it is as many
   * @param synced the last change of which others than marks say that it had been synced
   */
  private record Ends(DirectoryScan found, int tail, long synced) {}

  private RecoveredLog finish(SegmentTable segments, Scanned scanned, Ends ends)
      throws IOException {
    DirectoryScan found = ends.found();
    int tail = ends.tail();
    List<Segment> all = scanned.segments();
    List<SegmentScan> scans = scanned.scans();
    int count = Math.min(all.size(), tail + 1);
    for (int i = all.size() - 1; i > tail; i--) {
      files.delete(files.path(all.get(i).header()));
      files.syncDirectory();
    }
    segments.retire(all.subList(count, all.size()), List.of(), 0);
    segments.freeAll();
    long marked = ends.synced();
    long sequence = marked;
    for (int i = 0; i < count; i++) {
      sequence = Math.max(sequence, scans.get(i).lastSequence());
      marked = Math.max(marked, scans.get(i).markedSequence());
    }
    Segment last = null;
    List<Segment> unsynced = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Segment read = all.get(i);
      Segment kept = read;
      if (i == tail) {
        last = files.openTail(read);
        kept = last;
        segments.replace(read, kept);
      }
      kept.recovered(scans.get(i), read);
      // Of equal ones only the change is known to be synced, and not the seal behind it.
      boolean safe = i < found.whole().size() || scans.get(i).lastSequence() < marked;
      if (i == tail || !safe) {
        unsynced.add(kept);
      }
    }
    long since = found.list().before();
    for (int i = found.whole().size(); i < Math.min(tail, count); i++) {
      since = Math.max(since, scans.get(i).lastSequence());
    }
    return new RecoveredLog(
        segments,
        found.list(),
        last == null ? 0 : last.id(),
        last,
        sequence,
        since,
        marked,
        marked,
        unsynced,
        0);
  }
}
