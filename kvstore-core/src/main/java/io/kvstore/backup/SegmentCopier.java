package io.kvstore.backup;

import io.kvstore.CorruptStoreException;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.Storage;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.record.RecordWriter;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentFiles;
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
 * Copies segments of one moment into a directory, each of them sealed. A file has its name only
 * once it is whole and synced.
 */
public final class SegmentCopier {
  private static final int PIECE_BYTES = 1 << 20;

  /** As many bytes as any record has at least: sequence and checksum are among them. */
  private static final int COMPARED_BYTES = RecordFormat.CONTROL_BYTES;

  private final SegmentFiles to;
  private final long sequence;
  private final Runnable requireRunning;
  private final SegmentScanner scanner = new SegmentScanner(new LongAdder());

  /**
   * @param sequence the last change of the moment
   * @param requireRunning throws if the copying is to be given up
   */
  SegmentCopier(SegmentFiles to, long sequence, Runnable requireRunning) {
    this.to = to;
    this.sequence = sequence;
    this.requireRunning = requireRunning;
  }

  /** Returns how long the copy of a segment is. */
  static int bytes(LogSnapshot.Part part) {
    return part.end() + (part.sealed() ? 0 : RecordFormat.CONTROL_BYTES);
  }

  /** Returns the record that ends the copy of a segment. */
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

  /** Returns the last record of a file that has been copied, or as much as there is of it. */
  static ByteBuffer lastRecord(Path file, SegmentHeader header) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int at = Math.max(0, header.capacity() - RecordFormat.CONTROL_BYTES);
      return RecordFingerprint.read(channel, at, RecordFormat.CONTROL_BYTES);
    }
  }

  /**
   * Tells whether a file is the copy of a segment, so has all the records and nothing else: they
   * were only ever added to.
   *
   * @param thorough whether to compare every byte, as it may come from somebody else
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

  /**
   * Tells whether the records of a file, but for the last, are those that a segment begins with.
   */
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

  /** Copies a segment, durably once the directory is synced. */
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

  /** Damage is found while the earlier copy is still there. */
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
