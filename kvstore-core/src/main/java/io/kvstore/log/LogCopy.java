package io.kvstore.log;

import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Copies a log into a directory of a store of its own, once or again and again, and copies no
 * segment twice. For one use, on a thread of the store, in a directory that nobody else has.
 *
 * <p>All records of the copy lie in sealed segments that its list names, the tail of the log in one
 * that gets a seal of its own; the active segment is empty, and its id is far above theirs. So a
 * new file means nothing until the list names it, whatever the list was before: replacing the list
 * is the one moment at which the copy changes. For that the copies have ids of their own, new ones
 * each time; what a file is a copy of is told by the secret and the bytes, never by the name. A
 * tail has grown by the next time, and is copied anew.
 */
public final class LogCopy {
  /** Leaves as many ids to what is copied as to what the copy may be used for. */
  private static final long ACTIVE_ID = 5_000_000_000L;

  private static final int ACTIVE_BYTES = 4096;
  private static final int PIECE_BYTES = 1 << 20;

  /** As many bytes as any record has at least: sequence and checksum are among them. */
  private static final int COMPARED_BYTES = RecordFormat.CONTROL_BYTES;

  private final LogMoment moment;
  private final long sequence;
  private final SegmentFiles to;
  private final Storage storage;
  private final Runnable requireRunning;
  private final SegmentScanner scanner = new SegmentScanner(new LongAdder());
  private final Map<Integer, SegmentHeader> there = new HashMap<>();
  private final SortedSet<Long> logIds = new TreeSet<>();
  private final SortedSet<Long> compactedIds = new TreeSet<>();
  private long lastLogId;
  private long lastCompactedId;
  private boolean logHasGrown;
  private int filesCopied;
  private long bytesCopied;

  /**
   * @param log as it is now, with all of it synced that is to be in the copy for sure
   * @param requireRunning throws if the copy is to be given up
   */
  public LogCopy(Log log, Path to, Storage storage, Runnable requireRunning) {
    this.moment = LogMoment.of(log);
    this.sequence = moment.sequence();
    this.to = new SegmentFiles(to, storage, true);
    this.storage = storage;
    this.requireRunning = requireRunning;
  }

  /**
   * What has been done.
   *
   * @param sequence the last change in the copy
   */
  public record Copied(long sequence, int filesCopied, int filesKept, long bytesCopied) {}

  /** Prepares a directory without a copy, in which there may be a part of one. */
  public void startAnew() throws IOException {
    storage.delete(to.directory().resolve(SegmentList.FILE));
    storage.syncDirectory(to.directory());
    for (Path file : segmentFiles()) {
      to.delete(file);
    }
    SegmentHeader active =
        new SegmentHeader(ACTIVE_ID, ACTIVE_BYTES, to.secret(), SegmentHeader.LOG);
    try (FileChannel channel = create(to.path(active))) {
      storage.write(channel, active.toBytes(), 0);
      storage.sync(channel);
    }
  }

  /**
   * Finds out what an earlier copy has left, and deletes what is no part of it.
   *
   * @throws KvStoreException if somebody has used the copy, or it is none
   */
  public void goOn() throws IOException {
    FoundFiles found = FoundFiles.in(to);
    if (found.list().through() != ACTIVE_ID - 1
        || found.chain().size() != 1
        || FoundFiles.hasData(to.path(ACTIVE_ID))) {
      throw new KvStoreException(
          to.directory()
              + " is no backup, or has been written to since: it has changes of its own");
    }
    for (Path leftover : found.leftovers()) {
      to.delete(leftover);
    }
    for (SegmentHeader header : found.whole()) {
      there.put(header.secret(), header);
    }
    lastLogId = found.list().log().isEmpty() ? 0 : found.list().log().last();
    lastCompactedId = found.list().lastCompacted();
  }

  /** Copies what is not there, and makes the copy what the log was at its moment. */
  public Copied run() throws IOException {
    for (LogMoment.Part part : moment.parts()) {
      requireRunning.run();
      if (part.end() > Segment.HEADER_BYTES) {
        bringIn(part);
      }
    }
    storage.syncDirectory(to.directory());
    SegmentList list = new SegmentList(ACTIVE_ID - 1, sequence, sequence, logIds, compactedIds);
    ByteBuffer text = list.toBytes();
    requireRunning.run();
    FileReplacement.write(
        to.directory(), SegmentList.FILE, storage, channel -> storage.write(channel, text, 0));
    int all = logIds.size() + compactedIds.size();
    return new Copied(sequence, filesCopied, all - filesCopied, bytesCopied);
  }

  /** Deletes what the copy does not need any more. */
  public void deleteOld() throws IOException {
    for (Path leftover : FoundFiles.in(to).leftovers()) {
      to.delete(leftover);
    }
    storage.syncDirectory(to.directory());
  }

  private List<Path> segmentFiles() throws IOException {
    List<Path> all = new ArrayList<>(to.list(SegmentHeader.LOG));
    all.addAll(to.list(SegmentHeader.COMPACTED));
    return all;
  }

  private void bringIn(LogMoment.Part part) throws IOException {
    Segment segment = part.segment();
    int bytes = part.end() + (part.sealed() ? 0 : RecordFormat.CONTROL_BYTES);
    SegmentHeader header = there.get(segment.secret());
    boolean isOrdered = segment.isCompacted() || !logHasGrown;
    if (header == null || !isOrdered || !isCopy(header, part, bytes)) {
      long id = segment.isCompacted() ? ++lastCompactedId : ++lastLogId;
      header = new SegmentHeader(id, bytes, segment.secret(), segment.header().kind());
      copy(part, header);
      // What is newer in the log gets a higher id, even if it is there already.
      logHasGrown |= !segment.isCompacted();
    }
    (segment.isCompacted() ? compactedIds : logIds).add(header.id());
  }

  /** Tells whether a file has all the records, and nothing else: they were only ever added to. */
  private boolean isCopy(SegmentHeader header, LogMoment.Part part, int bytes) throws IOException {
    Path file = to.path(header);
    if (header.kind() != part.segment().header().kind()
        || header.capacity() != bytes
        || Files.size(file) != bytes) {
      return false;
    }
    int compared = Math.min(COMPARED_BYTES, part.end() - Segment.HEADER_BYTES);
    ByteBuffer first = ByteBuffer.allocate(compared);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (first.hasRemaining()
          && channel.read(first, Segment.HEADER_BYTES + first.position()) >= 0) {}
    }
    return first.flip().equals(part.segment().content().slice(Segment.HEADER_BYTES, compared));
  }

  private void copy(LogMoment.Part part, SegmentHeader header) throws IOException {
    Path file = to.path(header);
    try (FileChannel channel = create(file)) {
      storage.write(channel, header.toBytes(), 0);
      for (int at = Segment.HEADER_BYTES; at < part.end(); at += PIECE_BYTES) {
        requireRunning.run();
        int length = Math.min(PIECE_BYTES, part.end() - at);
        storage.write(channel, part.segment().content().slice(at, length), at);
      }
      if (!part.sealed()) {
        storage.write(channel, seal(header.secret()), part.end());
      }
      storage.sync(channel);
      requireWhole(channel, header, part);
    }
    filesCopied++;
    bytesCopied += header.capacity();
  }

  private FileChannel create(Path file) throws IOException {
    return storage.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private ByteBuffer seal(int secret) {
    ByteBuffer bytes =
        ByteBuffer.allocate(RecordFormat.CONTROL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    new RecordWriter().write(bytes, 0, LogRecord.seal(sequence, 0), secret);
    return bytes;
  }

  /** Damage is found while the earlier copy is still there. */
  private void requireWhole(FileChannel copy, SegmentHeader header, LogMoment.Part part)
      throws IOException {
    scanner.use(copy, header);
    SegmentScan scan = scanner.scan(0, SegmentScan.START, new Unheard());
    if (!scan.sealed() || scan.end() != header.capacity()) {
      @Nullable Path source = part.segment().file();
      throw new CorruptStoreException(
          Objects.requireNonNull(source), scan.end(), "the record is not what was written");
    }
  }

  /** Wants to know of no change. */
  private static final class Unheard implements RecoveryTarget.Visitor {
    @Override
    public void visit(ScannedRecord change) {}

    @Override
    public void finish() {}
  }
}
