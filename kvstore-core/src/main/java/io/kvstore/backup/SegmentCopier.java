package io.kvstore.backup;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SegmentFiles;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.Storage;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.record.RecordWriter;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentScan;
import io.kvstore.segment.SegmentScanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The copier of the segments of a log snapshot: each copy is sealed. A file gets its final name
 * only once it is whole and synced.
 */
public final class SegmentCopier {
  private static final int PIECE_BYTES = 1 << 20;

  /** The minimum size of a record, which includes sequence and checksum. */
  private static final int COMPARED_BYTES = RecordFormat.CONTROL_BYTES;

  private final SegmentFiles to;
  private final long sequence;
  private final Runnable requireRunning;
  private final SegmentScanner scanner = new SegmentScanner(new LongAdder());

  /**
   * @param sequence the last change of the log snapshot
   * @param requireRunning throws if the copy has to be aborted
   */
  SegmentCopier(SegmentFiles to, long sequence, Runnable requireRunning) {
    this.to = to;
    this.sequence = sequence;
    this.requireRunning = requireRunning;
  }

  /** Returns the size of the copy of a segment, in bytes. */
  static int bytes(LogSnapshot.Part part) {
    return part.end() + (part.sealed() ? 0 : RecordFormat.CONTROL_BYTES);
  }

  /** Returns the seal of the copy of a segment. */
  ByteBuffer seal(LogSnapshot.Part part) {
    if (part.sealed()) {
      int at = part.end() - RecordFormat.CONTROL_BYTES;
      ByteBuffer seal = part.segment().content().slice(at, RecordFormat.CONTROL_BYTES);
      return seal.order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(RecordFormat.CONTROL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    new RecordWriter().write(bytes, 0, LogRecord.seal(sequence, 0), part.segment().secret());
    return bytes;
  }

  /** Returns the last record of a copied file, or as much of it as there is. */
  static ByteBuffer lastRecord(Path file, SegmentHeader header) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int at = Math.max(0, header.capacity() - RecordFormat.CONTROL_BYTES);
      return RecordFingerprint.read(channel, at, RecordFormat.CONTROL_BYTES);
    }
  }

  /**
   * Returns whether a file is the copy of a segment, with exactly its records; segments are
   * append-only, so comparing the end suffices.
   *
   * @param thorough whether to compare every byte, since the file may come from a diverged copy
   */
  boolean isCopy(SegmentHeader header, LogSnapshot.Part part, boolean thorough) throws IOException {
    Path file = to.path(header);
    if (header.kind() != part.segment().header().kind()
        || header.capacity() != bytes(part)
        || Files.size(file) != header.capacity()
        || !lastRecord(file, header).equals(seal(part))) {
      return false;
    }
    int end = Math.min(part.end(), Segment.HEADER_BYTES + COMPARED_BYTES);
    return isSame(file, part, thorough ? part.end() : end);
  }

  /** Returns whether the records of a file, except the last, are the first records of a segment. */
  boolean isBeginning(Path file, LogSnapshot.Part part) throws IOException {
    long before = Files.size(file) - RecordFormat.CONTROL_BYTES;
    return isSame(file, part, (int) Math.min(part.end(), Math.max(before, 0)));
  }

  private boolean isSame(Path file, LogSnapshot.Part part, int end) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int at = Segment.HEADER_BYTES; at < end; at += PIECE_BYTES) {
        requireRunning.run();
        int length = Math.min(PIECE_BYTES, end - at);
        if (!RecordFingerprint.read(channel, at, length)
            .equals(part.segment().content().slice(at, length))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Copies a segment; durable once the directory is synced. */
  void copy(LogSnapshot.Part part, SegmentHeader header) throws IOException {
    Path file = to.path(header);
    Path staged = file.resolveSibling(file.getFileName() + AtomicFile.SUFFIX);
    Storage storage = to.storage();
    try (FileChannel channel = create(staged)) {
      storage.write(channel, header.toBytes(), 0);
      for (int at = Segment.HEADER_BYTES; at < part.end(); at += PIECE_BYTES) {
        requireRunning.run();
        int length = Math.min(PIECE_BYTES, part.end() - at);
        storage.write(channel, part.segment().content().slice(at, length), at);
      }
      if (!part.sealed()) {
        storage.write(channel, seal(part), part.end());
      }
      storage.sync(channel);
      requireWhole(channel, header, part);
    }
    storage.move(staged, file);
  }

  private FileChannel create(Path file) throws IOException {
    return to.storage()
        .open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
  }

  /** Verifies the new copy, so that damage is detected while the earlier copy still exists. */
  private void requireWhole(FileChannel copy, SegmentHeader header, LogSnapshot.Part part)
      throws IOException {
    scanner.use(copy, header);
    SegmentScan scan = scanner.scan(0, SegmentScan.START, RecordVisitor.NOBODY);
    if (!scan.sealed() || scan.end() != header.capacity()) {
      @Nullable Path source = part.segment().file();
      throw new CorruptStoreException(
          Objects.requireNonNull(source), scan.end(), "the record is not what was written");
    }
  }
}
