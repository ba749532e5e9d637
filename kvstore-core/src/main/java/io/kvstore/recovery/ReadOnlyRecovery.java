package io.kvstore.recovery;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.log.RecoveredLog;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScan;
import io.kvstore.segment.SegmentScanner;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Recovery without a lock: reads a log that another store may be writing to and compacting, and
 * changes nothing. The result is a beginning of the history that includes all that had reached the
 * files when the recovery began.
 *
 * <p>It rejects what {@link Recovery} rejects, and skips what that would cut off.
 */
final class ReadOnlyRecovery {
  /** Each time that a compaction has taken a file away, all is read again, but not more often. */
  private static final int MAX_ATTEMPTS = 100;

  /** So often what is missing is looked for again though no compaction is seen. */
  private static final int MAX_UNEXPLAINED = 3;

  /** So often the end is looked at again while it is being written. */
  private static final int MAX_LOOKS = 20;

  /** Longer than it takes to write a record, in all looks together. */
  private static final long PAUSE_NANOS = 5_000_000;

  private final SegmentFiles files;
  private final RecoveryTarget target;
  private final RecoveryProgress progress;

  ReadOnlyRecovery(SegmentFiles files, RecoveryTarget target, RecoveryProgress progress) {
    this.files = files;
    this.target = target;
    this.progress = progress;
  }

  /** Recovers into segments that the target may already read from while it is told of changes. */
  RecoveredLog run(SegmentTable segments) throws IOException {
    int unexplained = 0;
    for (int attempt = 1; ; attempt++) {
      SegmentList before = SegmentList.read(files.directory());
      try {
        return read(segments, Integer.MAX_VALUE, 0);
      } catch (IOException | CorruptStoreException e) {
        boolean compacted = !isStill(before);
        if (attempt == MAX_ATTEMPTS || (!compacted && ++unexplained == MAX_UNEXPLAINED)) {
          throw e;
        }
        if (!compacted) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private boolean isStill(@Nullable SegmentList before) throws IOException {
    SegmentList now = SegmentList.read(files.directory());
    if (before == null || now == null) {
      return before == null && now == null;
    }
    return before.toBytes().equals(now.toBytes());
  }

  /**
   * @param most segments of the log that are newer than the list: there are no changes behind them
   *     that count
   * @param marked what marks behind those say
   */
  private RecoveredLog read(SegmentTable segments, int most, long marked) throws IOException {
    segments.clear();
    target.reset();
    DirectoryScan found = DirectoryScan.in(files);
    int whole = found.whole().size();
    List<Segment> all = map(found, most);
    long bytes = 0;
    for (Segment segment : all) {
      segments.add(segment);
      bytes += segment.mappedBytes();
    }
    progress.start(bytes);
    List<SegmentScan> scans =
        new ArrayList<>(
            new ParallelScan(
                    files,
                    target,
                    progress.counter(),
                    all,
                    Collections.nCopies(all.size(), SegmentScan.START))
                .run());
    RecoveryRules.requireListed(files, all.subList(0, whole), scans.subList(0, whole));
    Scanned chain = new Scanned(all.subList(whole, all.size()), scans.subList(whole, all.size()));
    RecoveryRules.Verdict verdict = judge(found.list(), chain, marked, true);
    int tail = verdict.tail();
    if (tail < chain.scans().size() - 1) {
      // Nobody writes: the roll to the next would have come after the seal. The rest is torn.
      return read(segments, tail + 1, verdict.synced());
    }
    if (tail < chain.scans().size() && chain.scans().get(tail).damaged()) {
      boolean isStill = settle(chain.segments().get(tail), chain.scans(), tail);
      verdict = judge(found.list(), chain, marked, isStill);
    }
    SegmentChainCheck.require(files, found, all, scans);
    verdict.requireAccepted(files);
    return finish(segments, found.list(), new Scanned(all, scans), verdict);
  }

  /**
   * @param looksBehind whether sync markers behind damage count: not while the end is being written
   */
  private RecoveryRules.Verdict judge(
      SegmentList list, Scanned chain, long known, boolean looksBehind) throws IOException {
    List<RecoveryRules.Found> log = new ArrayList<>();
    boolean isSealed = true;
    for (int i = 0; i < chain.scans().size(); i++) {
      SegmentScan scan = chain.scans().get(i);
      Segment segment = chain.segments().get(i);
      long behind = looksBehind && scan.damaged() ? markedAfter(segment, scan.end()) : 0;
      long marked = Math.max(scan.markedSequence(), behind);
      log.add(new RecoveryRules.Found(segment.id(), scan, marked, 0, false));
      isSealed &= scan.sealed();
    }
    boolean hasNext = isSealed && exists(list.through() + log.size() + 1);
    return RecoveryRules.judge(list, log, new RecoveryRules.Known(known, hasNext));
  }

  /** Returns whether a segment exists; {@link #map} has left it out if it was blank. */
  private boolean exists(long id) throws IOException {
    Path file = files.path(id);
    return Files.exists(file) && SegmentHeader.read(file) != null;
  }

  /** Maps the segments, and passes over the last ones that nothing had been written to. */
  private List<Segment> map(DirectoryScan found, int most) throws IOException {
    List<Segment> all = new ArrayList<>();
    for (SegmentHeader header : found.whole()) {
      all.add(files.openForReading(header));
    }
    List<SegmentHeader> chain = found.chain();
    for (SegmentHeader header : chain.subList(0, Math.min(most, chain.size()))) {
      all.add(files.openForReading(header));
    }
    while (all.size() > found.whole().size() + 1 && isBlank(all.get(all.size() - 1))) {
      all.remove(all.size() - 1);
    }
    return all;
  }

  /** Returns whether no record has been begun: then the log ends with the segment before. */
  private static boolean isBlank(Segment segment) {
    ByteBuffer bytes = segment.content();
    int end = Math.min(bytes.capacity(), Segment.HEADER_BYTES + RecordFormat.HEADER_BYTES);
    for (int at = Segment.HEADER_BYTES; at < end; at++) {
      if (bytes.get(at) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Scans on from a damaged end until it stays the same: a record that is being written is whole at
   * the next look, and one that stays torn is the end.
   *
   * @return whether it was the same in the last two looks
   */
  private boolean settle(Segment segment, List<SegmentScan> scans, int tail) throws IOException {
    boolean isStill = false;
    for (int look = 0; look < MAX_LOOKS && scans.get(tail).damaged(); look++) {
      SegmentScan before = scans.get(tail);
      scans.set(tail, scanOn(segment, before));
      isStill = scans.get(tail).end() == before.end();
      if (isStill) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return isStill;
  }

  private SegmentScan scanOn(Segment segment, SegmentScan from) throws IOException {
    RecordVisitor visitor = target.visitor();
    try (FileChannel channel = open(segment)) {
      SegmentScanner scanner = new SegmentScanner(progress.counter());
      scanner.use(channel, segment.header());
      return scanner.scan(segment.place(), from, visitor);
    } finally {
      visitor.finish();
    }
  }

  private long markedAfter(Segment segment, int end) throws IOException {
    try (FileChannel channel = open(segment)) {
      SegmentScanner scanner = new SegmentScanner(progress.counter());
      scanner.use(channel, segment.header());
      return scanner.markedAfter(end);
    }
  }

  private FileChannel open(Segment segment) throws IOException {
    return FileChannel.open(files.path(segment.header()), StandardOpenOption.READ);
  }

  /** Segments, and what was found in each. */
  private record Scanned(List<Segment> segments, List<SegmentScan> scans) {}

  private RecoveredLog finish(
      SegmentTable segments, SegmentList list, Scanned scanned, RecoveryRules.Verdict verdict) {
    for (int i = 0; i < scanned.segments().size(); i++) {
      Segment segment = scanned.segments().get(i);
      segment.recovered(scanned.scans().get(i), segment);
    }
    target.finish();
    long synced = verdict.synced();
    return new RecoveredLog(
        segments, list, 0, null, verdict.lastWhole(), list.before(), synced, synced, List.of(), 0);
  }
}
