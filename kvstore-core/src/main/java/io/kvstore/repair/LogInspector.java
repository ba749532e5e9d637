package io.kvstore.repair;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.platform.Storage;
import io.kvstore.recovery.PositionCheck;
import io.kvstore.recovery.RecoveryProgress;
import io.kvstore.recovery.RecoveryRules;
import io.kvstore.recovery.RecoveryTarget;
import io.kvstore.recovery.SegmentChainCheck;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScanner;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The verification of a log: reads all segments one after the other, damaged or not, and decides
 * what an opening would make of them. Changes nothing. For one use, on a thread of the store.
 */
public final class LogInspector {
  private final SegmentFiles files;
  private final SegmentTable segments;
  private final RecoveryTarget target;
  private final RecoveryProgress progress;
  private final SegmentScanner scanner;
  private final SegmentInspector inspector;
  private final LogVerdict verdict;
  private final PositionCheck position;
  private long nextId = 1;

  private LogInspector(
      SegmentFiles files, SegmentTable segments, RecoveryTarget target, RecoveryProgress progress) {
    this.files = files;
    this.segments = segments;
    this.target = target;
    this.progress = progress;
    this.scanner = new SegmentScanner(progress.counter());
    this.position = new PositionCheck(target.position());
    this.verdict = new LogVerdict();
    this.inspector = new SegmentInspector(scanner, verdict);
  }

  /** Returns whether there are files of a log in a directory. */
  public static boolean hasSegments(Path directory) throws IOException {
    SegmentFiles files = filesOf(directory);
    return !files.list(SegmentHeader.LOG).isEmpty()
        || !files.list(SegmentHeader.COMPACTED).isEmpty();
  }

  /**
   * Reads the log of a directory.
   *
   * @param segments empty; to be read from while and after the target is told of changes
   * @param target told of all whole changes in any state, and of no position
   */
  public static LogInspection inspect(
      Path directory, SegmentTable segments, RecoveryTarget target, RecoveryProgress progress)
      throws IOException {
    return new LogInspector(filesOf(directory), segments, target, progress).run();
  }

  private static SegmentFiles filesOf(Path directory) {
    return new SegmentFiles(directory, Storage.FILES, false);
  }

  private LogInspection run() throws IOException {
    Belonging belonging = belonging();
    long bytes = 0;
    for (Path path : belonging.all()) {
      bytes += Files.size(path);
    }
    progress.start(bytes);
    comparePosition(belonging);
    RecordVisitor visitor = target.visitor();
    SegmentList list = belonging.list();
    SegmentList known = list == null ? SegmentList.NONE : list;
    SegmentChainCheck continuity = new SegmentChainCheck(known);
    boolean hasGap = false;
    for (Path path : belonging.named()) {
      SegmentInspector.Found found = read(path, visitor);
      if (found == null) {
        verdict.settle(); // blank, and the store needs it
      } else if (list != null) {
        verdict.addListed(path, found);
        boolean isSealed = found.first().sealed();
        reject(path, isSealed ? continuity.wrongNamed(found.header(), found.first()) : null);
      }
    }
    RecordVisitor bounding = bounding(visitor);
    List<RecoveryRules.Found> log = new ArrayList<>();
    boolean hasEnded = false;
    for (Path path : belonging.chain()) {
      hasGap |= isBehindGap(path);
      SegmentInspector.Found found = read(path, bounding);
      hasGap |= found == null;
      if (found == null) {
        continue;
      }
      if (!hasGap && !hasEnded) {
        reject(path, continuity.wrongNext(found.header(), found.first(), path));
      }
      if (!hasGap) {
        log.add(forRules(found));
      }
      hasEnded |= !found.first().sealed();
      verdict.addNext(path, found);
    }
    visitor.finish();
    target.finish();
    long checkpointed = list == null || !position.holds(known.through()) ? 0 : position.sequence();
    verdict.finish(
        RecoveryRules.judge(known, log, new RecoveryRules.Known(checkpointed, false)), files);
    return new LogInspection(belonging.all().size(), liveBytes(), scanner.counts(), verdict);
  }

  private RecoveryRules.Found forRules(SegmentInspector.Found found) {
    return new RecoveryRules.Found(
        found.header().id(),
        found.first(),
        found.all().markedSequence(),
        position.provenIn(found.header()),
        found.isShort());
  }

  private void reject(Path path, @Nullable String wrong) {
    if (wrong != null) {
      verdict.reject(path, 0, wrong);
    }
  }

  /** Compares the files with the checkpoint of the indexes. */
  private void comparePosition(Belonging belonging) throws IOException {
    SegmentList list = belonging.list();
    if (list == null) {
      return;
    }
    for (Path path : belonging.all()) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        SegmentHeader header =
            SegmentHeader.parse(RecordFingerprint.read(channel, 0, Segment.HEADER_BYTES));
        if (header != null) {
          position.look(header, channel, channel.size());
        }
      }
    }
  }

  /**
   * The files of a store that are there.
   *
   * @param list null if it is lost
   * @param named those of which the list of segments says that they are sealed
   * @param chain newer ones, in the order of the log
   */
  private record Belonging(@Nullable SegmentList list, List<Path> named, List<Path> chain) {
    List<Path> all() {
      return Stream.concat(named.stream(), chain.stream()).toList();
    }
  }

  private Belonging belonging() throws IOException {
    @Nullable SegmentList list;
    try {
      list = SegmentList.of(files);
    } catch (CorruptStoreException e) {
      long bytes = Files.exists(e.file()) ? Files.size(e.file()) : 0;
      verdict.reject(e.file(), bytes, "the list of segments is missing or not what was written");
      // Without it nothing tells which files are left over: of each key the latest counts.
      List<Path> all = new ArrayList<>(files.list(SegmentHeader.COMPACTED));
      all.addAll(files.list(SegmentHeader.LOG));
      return new Belonging(null, all, List.of());
    }
    SegmentList known = list == null ? SegmentList.NONE : list;
    nextId = known.through() + 1;
    List<Path> named = new ArrayList<>();
    addNamed(known.compacted(), SegmentHeader.COMPACTED, named);
    addNamed(known.log(), SegmentHeader.LOG, named);
    List<Path> chain =
        files.list(SegmentHeader.LOG).stream()
            .filter(path -> SegmentFiles.id(path) > known.through())
            .toList();
    return new Belonging(known, named, chain);
  }

  private void addNamed(SealedIds sealed, int kind, List<Path> to) {
    for (long id : sealed.ids()) {
      Path path = files.path(id, kind);
      if (Files.exists(path)) {
        to.add(path);
      } else {
        verdict.reject(path, 0, "the file is missing, and the store needs it");
      }
    }
  }

  private boolean isBehindGap(Path path) {
    long id = SegmentFiles.id(path);
    boolean isBehind = id != nextId;
    if (isBehind) {
      verdict.reject(files.path(nextId), 0, "the file is missing, though " + path + " is there");
    }
    nextId = id + 1;
    return isBehind;
  }

  /** Reads a segment, and returns what is in it, or null if nothing tells. */
  private SegmentInspector.@Nullable Found read(Path path, RecordVisitor visitor)
      throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      SegmentHeader header = header(path, channel);
      if (header == null) {
        return null;
      }
      scanner.use(channel, header);
      Segment segment = map(header, path, channel);
      segments.add(segment);
      SegmentInspector.Found found = inspector.walk(segment, path, visitor);
      segment.recovered(found.all(), segment);
      return found;
    }
  }

  /** Returns the header, or null if there is none, and then has noted why. */
  private @Nullable SegmentHeader header(Path path, FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Segment.HEADER_BYTES);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
    SegmentHeader header = SegmentHeader.parse(bytes.flip());
    long id = SegmentFiles.id(path);
    int kind = SegmentFiles.kind(path);
    if (header != null) {
      if (header.id() != id || header.kind() != kind) {
        verdict.reject(path, 0, "this is the file of segment " + header.id());
      }
      return header;
    }
    scanner.use(channel, new SegmentHeader(0, Integer.MAX_VALUE, 0, kind));
    long dataEnd = scanner.dataEnd(Segment.HEADER_BYTES);
    if (dataEnd == Segment.HEADER_BYTES) {
      verdict.addBlank(path);
      return null;
    }
    SegmentHeader proven = new LostHeader(channel).find(id, kind, scanner);
    if (proven == null) {
      verdict.reject(
          path,
          dataEnd,
          "the header of the segment is not whole: without the secret in it, nothing tells its"
              + " records from bytes that look like some");
    } else {
      verdict.reject(
          path, 0, "the header of the segment is not whole; its records prove what it said");
    }
    return proven;
  }

  private static Segment map(SegmentHeader header, Path path, FileChannel channel)
      throws IOException {
    long bytes = Math.min(channel.size(), header.capacity());
    return new Segment(header, path, channel.map(MapMode.READ_ONLY, 0, bytes), null);
  }

  /** Passes changes on, each of which also bounds the damage before it. */
  private RecordVisitor bounding(RecordVisitor visitor) {
    return new RecordVisitor() {
      @Override
      public void visit(ScannedRecord change) {
        verdict.addChange(change);
        visitor.visit(change);
      }

      @Override
      public void finish() {}
    };
  }

  private long liveBytes() {
    return segments.list().stream().mapToLong(Segment::liveBytes).sum();
  }
}
