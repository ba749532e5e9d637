package io.kvstore.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all segments of a directory one after the other, damaged or not, changes nothing, and says
 * what an opening would make of them. For one reading, on a thread of the store.
 */
public final class LogInspector {
  private final SegmentFiles files;
  private final Segments segments;
  private final RecoveryTarget target;
  private final RecoveryProgress progress;
  private final SegmentScanner scanner;
  private final SegmentInspector inspector;
  private final LogVerdict verdict;
  private long nextId = 1;

  private LogInspector(
      SegmentFiles files, Segments segments, RecoveryTarget target, RecoveryProgress progress) {
    this.files = files;
    this.segments = segments;
    this.target = target;
    this.progress = progress;
    this.scanner = new SegmentScanner(progress.counter());
    LogPosition position = target.position();
    this.verdict = new LogVerdict(files.path(1), position == null ? 0 : position.sequence());
    this.inspector = new SegmentInspector(scanner, verdict);
  }

  /** Returns whether there are files of a log in a directory. */
  public static boolean hasSegments(Path directory) throws IOException {
    return !belonging(filesOf(directory)).isEmpty();
  }

  /**
   * Reads the log of a directory.
   *
   * @param segments empty; to be read from while and after the target is told of changes
   * @param target told of all whole changes in any state, and of no position
   */
  public static LogInspection inspect(
      Path directory, Segments segments, RecoveryTarget target, RecoveryProgress progress)
      throws IOException {
    return new LogInspector(filesOf(directory), segments, target, progress).run();
  }

  private static SegmentFiles filesOf(Path directory) {
    return new SegmentFiles(directory, Storage.FILES, false);
  }

  /** Returns the files that belong to the store, in the order of the log. */
  private static List<Path> belonging(SegmentFiles files) throws IOException {
    return files.list();
  }

  private LogInspection run() throws IOException {
    List<Path> paths = belonging(files);
    long bytes = 0;
    for (Path path : paths) {
      bytes += Files.size(path);
    }
    progress.start(bytes);
    RecoveryTarget.Visitor visitor = target.visitor();
    RecoveryTarget.Visitor bounding = bounding(visitor);
    for (Path path : paths) {
      requireNoGap(path);
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        read(path, channel, bounding);
      }
    }
    visitor.finish();
    target.finish();
    verdict.finish(files.path(nextId));
    return new LogInspection(paths.size(), liveBytes(), scanner.counts(), verdict);
  }

  private void requireNoGap(Path path) {
    long id = SegmentFiles.id(path);
    if (id != nextId) {
      verdict.refuse(files.path(nextId), 0, "the file is missing, though " + path + " is there");
    }
    nextId = id + 1;
  }

  private void read(Path path, FileChannel channel, RecoveryTarget.Visitor visitor)
      throws IOException {
    SegmentHeader header = header(path, channel);
    if (header == null) {
      return;
    }
    scanner.use(channel, header);
    Segment segment = map(header, path, channel);
    SegmentInspector.Found found = inspector.walk(segments.add(segment), path, visitor);
    segment.recovered(found.all(), segment);
    verdict.passed(path, found);
  }

  /** Returns the header, or null if there is none, and then has noted why. */
  private @Nullable SegmentHeader header(Path path, FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Segment.HEADER_BYTES);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
    SegmentHeader header = SegmentHeader.parse(bytes.flip());
    long id = SegmentFiles.id(path);
    if (header != null) {
      if (header.id() != id) {
        verdict.refuse(path, 0, "this is the file of segment " + header.id());
      }
      return header;
    }
    scanner.use(channel, new SegmentHeader(0, Integer.MAX_VALUE, 0));
    long dataEnd = scanner.dataEnd(Segment.HEADER_BYTES);
    if (dataEnd == Segment.HEADER_BYTES) {
      verdict.blank(path);
      return null;
    }
    SegmentHeader proven = new LostHeader(channel).find(id, scanner);
    if (proven == null) {
      verdict.refuse(
          path,
          dataEnd,
          "the header of the segment is not whole: without the secret in it, nothing tells its"
              + " records from bytes that look like some");
    } else {
      verdict.refuse(
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
  private RecoveryTarget.Visitor bounding(RecoveryTarget.Visitor visitor) {
    return new RecoveryTarget.Visitor() {
      @Override
      public void visit(ScannedRecord change) {
        verdict.passed(change);
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
