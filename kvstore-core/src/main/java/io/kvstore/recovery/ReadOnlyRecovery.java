package io.kvstore.recovery;

import io.kvstore.CorruptStoreException;
import io.kvstore.log.RecoveredLog;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentFiles;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentList;
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
 * Reads the log of a directory that another store may be writing to and compacting, tells a {@link
 * RecoveryTarget} of every change, and changes nothing. What it finds is a beginning of the history
 * with all that had reached the files when it began.
 *
 * <p>It refuses what {@link Recovery} refuses. What that would cut off is passed over.
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
    return before == null ? now == null : before.equals(now);
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
    all.forEach(segments::add);
    progress.start(all.stream().mapToLong(Segment::mappedBytes).sum());
    List<SegmentScan> scans =
        new ArrayList<>(
            new ParallelScan(
                    files,
                    target,
                    progress.counter(),
                    all,
                    Collections.nCopies(all.size(), SegmentScan.START))
                .run());
    int tail = firstUnsealed(scans);
    if (tail < whole) {
      throw corrupt(all.get(tail), scans.get(tail), "though the segment had been sealed");
    }
    if (tail < all.size() - 1) {
      // Nobody writes: the roll to the next would have come after the seal. The rest is torn.
      return read(segments, tail - whole + 1, Math.max(marked, markedFrom(tail, all, scans)));
    }
    long synced = Math.max(marked, found.list().synced());
    if (tail < all.size()) {
      synced = Math.max(synced, settle(all.get(tail), scans, tail));
    } else if (tail > whole) {
      requireNext(all.get(tail - 1));
    }
    SegmentChainCheck.require(files, found, all, scans);
    return finish(segments, found.list(), new Scanned(all, scans), synced);
  }

  /** Returns what marks say in the segments from one on, those behind damage too. */
  private long markedFrom(int first, List<Segment> all, List<SegmentScan> scans)
      throws IOException {
    long marked = 0;
    for (int i = first; i < all.size(); i++) {
      SegmentScan scan = scans.get(i);
      marked = Math.max(marked, scan.markedSequence());
      if (scan.damaged()) {
        marked = Math.max(marked, markedAfter(all.get(i), scan.end()));
      }
    }
    return marked;
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

  /** Tells whether no record has been begun: then the segments before it are all there is. */
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

  private static int firstUnsealed(List<SegmentScan> scans) {
    int i = 0;
    while (i < scans.size() && scans.get(i).sealed()) {
      i++;
    }
    return i;
  }

  /**
   * Looks at the end until what is behind it is nothing, or stays what it is. A record that is
   * being written is whole at the next look; one that stays torn is the end.
   *
   * @return what marks behind the end say
   */
  private long settle(Segment segment, List<SegmentScan> scans, int tail) throws IOException {
    int still = 0;
    for (int look = 0; look < MAX_LOOKS && scans.get(tail).damaged(); look++) {
      SegmentScan before = scans.get(tail);
      scans.set(tail, scanOn(segment, before));
      if (scans.get(tail).end() == before.end()) {
        still++;
        LockSupport.parkNanos(PAUSE_NANOS);
      } else {
        still = 0;
      }
    }
    SegmentScan last = scans.get(tail);
    return last.damaged() && still > 0 ? markedAfter(segment, last.end()) : 0;
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

  /** A segment is sealed only once the next one is durable, header and all. */
  private void requireNext(Segment sealed) throws IOException {
    Path next = files.path(sealed.id() + 1);
    if (!Files.exists(next) || SegmentHeader.read(next) == null) {
      throw new CorruptStoreException(
          next, 0, "the file is missing or blank, though the one before is sealed");
    }
  }

  /** Segments, and what was found in each. */
  private record Scanned(List<Segment> segments, List<SegmentScan> scans) {}

  private RecoveredLog finish(
      SegmentTable segments, SegmentList list, Scanned scanned, long known) {
    long synced = known;
    long last = list.before();
    for (int i = 0; i < scanned.segments().size(); i++) {
      SegmentScan scan = scanned.scans().get(i);
      Segment segment = scanned.segments().get(i);
      segment.recovered(scan, segment);
      synced = Math.max(synced, scan.markedSequence());
      last = Math.max(last, scan.lastSequence());
    }
    if (synced > last) {
      int end = scanned.segments().size() - 1;
      throw corrupt(
          scanned.segments().get(end),
          scanned.scans().get(end),
          "of change " + (last + 1) + ", though " + synced + " were synced");
    }
    target.finish();
    return new RecoveredLog(
        segments, list, 0, null, last, list.before(), synced, synced, List.of(), 0);
  }

  private CorruptStoreException corrupt(Segment segment, SegmentScan scan, String why) {
    return new CorruptStoreException(
        files.path(segment.header()), scan.end(), "no whole record " + why);
  }
}
