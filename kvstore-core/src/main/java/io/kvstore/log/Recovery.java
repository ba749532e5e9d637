package io.kvstore.log;

import io.kvstore.CorruptStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole log, tells a {@link RecoveryTarget} of every change, and leaves the log fit to be
 * appended to.
 *
 * <p>A crash leaves a beginning of the log whole. Where the records stop being whole, all that
 * follows is the torn tail and is cut off, unless it is known to have been synced: a mark, wherever
 * it stands, names the last change that was. Damage before that is no crash's doing, and is
 * refused.
 */
final class Recovery {
  private static final System.Logger LOGGER = System.getLogger("io.kvstore");

  private final SegmentFiles files;
  private final RecoveryTarget target;
  private final RecoveryProgress progress;

  Recovery(SegmentFiles files, RecoveryTarget target, RecoveryProgress progress) {
    this.files = files;
    this.target = target;
    this.progress = progress;
  }

  /** Recovers into segments that the target may already read from while it is told of changes. */
  RecoveredLog run(Segments segments) throws IOException {
    segments.dropFrom(0);
    target.reset();
    List<Path> paths = files.list();
    List<SegmentHeader> headers = readHeaders(paths);
    List<Path> unused = paths.subList(headers.size(), paths.size());
    mapAll(paths, headers, segments);
    List<SegmentScan> starts = starts(segments.list());
    progress.start(bytesToRead(segments.list(), starts));
    List<SegmentScan> scans =
        new ParallelScan(files, target, progress.counter(), segments.list(), starts).run();

    int tail = firstUnsealed(scans);
    requireNext(scans, tail);
    long cut = tail < scans.size() ? cutBytes(scans, tail) : 0;
    requireWhatWasSynced(segments.list(), scans, tail);
    deleteUnused(unused);
    if (cut > 0) {
      cut(segments, scans, tail, cut);
      RecoveredLog rest = run(segments);
      return rest.withCut(cut + rest.cutBytes());
    }
    target.finish();
    return finish(segments, scans, tail);
  }

  // ---- what is there

  /**
   * Reads the headers up to the first file that was never used: one without a header and without
   * anything behind it, as a crash leaves it while it is being created.
   */
  private List<SegmentHeader> readHeaders(List<Path> paths) throws IOException {
    List<SegmentHeader> headers = new ArrayList<>();
    for (Path path : paths) {
      long id = headers.size() + 1L;
      if (SegmentFiles.id(path) != id) {
        throw new CorruptStoreException(
            files.path(id), 0, "the file is missing, though " + path + " is there");
      }
      SegmentHeader header = readHeader(path);
      if (header == null) {
        break;
      }
      headers.add(header);
    }
    for (Path unused : paths.subList(headers.size(), paths.size())) {
      if (hasData(unused)) {
        throw new CorruptStoreException(
            paths.get(headers.size()), 0, "the header of the segment is not whole");
      }
    }
    return headers;
  }

  private static @Nullable SegmentHeader readHeader(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Segment.HEADER_BYTES);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
    }
    SegmentHeader header = SegmentHeader.parse(bytes.flip());
    if (header != null && header.id() != SegmentFiles.id(path)) {
      throw new CorruptStoreException(path, 8, "this is the file of segment " + header.id());
    }
    return header;
  }

  private boolean hasData(Path path) throws IOException {
    SegmentHeader none = new SegmentHeader(0, Integer.MAX_VALUE, 0);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      SegmentScanner scanner = new SegmentScanner(progress.counter());
      scanner.use(channel, none);
      return scanner.dataEnd(Segment.HEADER_BYTES) > Segment.HEADER_BYTES;
    }
  }

  private void deleteUnused(List<Path> paths) throws IOException {
    for (Path unused : paths) {
      LOGGER.log(System.Logger.Level.INFO, "deleting {0}: it was never used", unused);
      files.delete(unused);
    }
  }

  private void mapAll(List<Path> paths, List<SegmentHeader> headers, Segments segments)
      throws IOException {
    for (int i = 0; i < headers.size(); i++) {
      segments.add(files.openWhole(headers.get(i), paths.get(i)));
    }
  }

  // ---- where to start

  /**
   * Returns what is known of each segment before it is scanned: nothing, or what the target has.
   */
  private List<SegmentScan> starts(List<Segment> segments) {
    LogPosition from = target.position();
    List<SegmentScan> starts =
        new ArrayList<>(Collections.nCopies(segments.size(), SegmentScan.START));
    if (from != null && from.isIn(segments) && target.restore()) {
      for (int i = 0; i < from.segments().size(); i++) {
        segments.get(i).restored(from.segments().get(i));
        starts.set(i, from.segments().get(i).scan());
      }
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

  private static int firstUnsealed(List<SegmentScan> scans) {
    int i = 0;
    while (i < scans.size() && scans.get(i).sealed()) {
      i++;
    }
    return i;
  }

  /** A segment is sealed only once the next one is durable, header and all: no crash takes that. */
  private void requireNext(List<SegmentScan> scans, int tail) {
    if (tail == scans.size() && tail > 0) {
      throw new CorruptStoreException(
          files.path(tail + 1L),
          0,
          "the file is missing or blank, though the one before is sealed");
    }
  }

  /** Returns the bytes behind the last record that counts, blank ones at the ends aside. */
  private static long cutBytes(List<SegmentScan> scans, int tail) {
    long cut = scans.get(tail).damagedBytes();
    for (int i = tail + 1; i < scans.size(); i++) {
      if (!scans.get(i).isEmpty()) {
        cut += scans.get(i).writtenBytes();
      }
    }
    return cut;
  }

  /** Refuses a log that lacks changes which are known to have been synced. */
  private void requireWhatWasSynced(List<Segment> segments, List<SegmentScan> scans, int tail)
      throws IOException {
    LogPosition position = target.position();
    long synced = position == null ? 0 : position.sequence();
    long whole = 0;
    for (int i = 0; i < scans.size(); i++) {
      synced = Math.max(synced, scans.get(i).markedSequence());
      if (i <= tail) {
        whole = Math.max(whole, scans.get(i).lastSequence());
      }
      if (scans.get(i).damaged()) {
        synced = Math.max(synced, markedAfter(segments.get(i), scans.get(i).end()));
      }
    }
    if (synced > whole) {
      throw new CorruptStoreException(
          files.path(tail + 1L),
          tail < scans.size() ? scans.get(tail).end() : 0,
          "no whole record of change " + (whole + 1) + ", though " + synced + " were synced");
    }
  }

  private long markedAfter(Segment segment, int end) throws IOException {
    Path path = files.path(segment.id());
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      SegmentScanner scanner = new SegmentScanner(progress.counter());
      scanner.use(channel, segment.header());
      return scanner.markedAfter(end);
    }
  }

  /**
   * Cuts the torn tail: from the last file backwards, so that a crash leaves the same to be cut.
   */
  private void cut(Segments segments, List<SegmentScan> scans, int tail, long bytes)
      throws IOException {
    Segment segment = segments.list().get(tail);
    Path path = files.path(segment.id());
    LOGGER.log(
        System.Logger.Level.WARNING,
        "cutting a torn tail of {0} bytes off the log: from {1}, offset {2}",
        bytes,
        path,
        scans.get(tail).end());
    for (int i = scans.size() - 1; i > tail; i--) {
      files.delete(files.path(segments.list().get(i).id()));
      files.syncDirectory();
    }
    files.blank(path, scans.get(tail).end(), segment.capacity());
  }

  // ---- how it goes on

  private RecoveredLog finish(Segments segments, List<SegmentScan> scans, int tail)
      throws IOException {
    for (int i = scans.size() - 1; i > tail; i--) {
      files.delete(files.path(segments.list().get(i).id()));
    }
    segments.dropFrom(Math.min(scans.size(), tail + 1));
    long sequence = 0;
    LogPosition position = target.position();
    long marked = position == null ? 0 : position.sequence();
    List<Segment> read = segments.list();
    for (int i = 0; i < read.size(); i++) {
      sequence = Math.max(sequence, scans.get(i).lastSequence());
      marked = Math.max(marked, scans.get(i).markedSequence());
    }
    Segment last = null;
    if (tail < scans.size()) {
      last = files.openTail(read.get(tail));
      segments.replace(tail, last);
    }
    List<Segment> unsynced = new ArrayList<>();
    List<Segment> kept = segments.list();
    for (int i = 0; i < kept.size(); i++) {
      kept.get(i).recovered(scans.get(i), read.get(i));
      if (i == tail || scans.get(i).lastSequence() > marked) {
        unsynced.add(kept.get(i));
      }
    }
    return new RecoveredLog(segments, last, sequence, marked, marked, unsynced, 0);
  }
}
