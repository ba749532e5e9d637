package io.kvstore.backup;

import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.log.Log;
import io.kvstore.log.LogTail;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.Storage;
import io.kvstore.record.RecordFormat;
import io.kvstore.recovery.DirectoryScan;
import io.kvstore.recovery.ObsoleteSegments;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An incremental copy of a log to the directory of another store, which copies no segment twice.
 * For one use, on a thread of the store, in a directory that is exclusively owned.
 *
 * <p>All records of the copy are in sealed segments that its list names, the tail of the log in one
 * with a seal of its own; the active segment is empty, and its id is far above theirs. So a new
 * file is ignored until the list names it, whatever the list was before: replacing the list commits
 * the copy. For that the copied files have new ids each time; a file is recognized as a copy by its
 * secret and bytes, never by its name. A tail that has grown by the next time is copied again.
 *
 * <p>Before anything is copied, the list announces the new files as dropped, so that they are
 * discarded if the copy is not completed.
 */
public final class LogCopy {
  /**
   * The id of the active segment of a copy, which leaves as many ids for copied segments as for
   * later ones.
   */
  private static final long ACTIVE_ID = 5_000_000_000L;

  private static final int ACTIVE_BYTES = 4096;

  private final LogSnapshot moment;
  private final long sequence;
  private final SegmentFiles to;
  private final Storage storage;
  private final Runnable requireRunning;
  private final SegmentCopier copier;
  private final Map<Integer, SegmentHeader> there = new HashMap<>();
  private final SealedIds inLog = new SealedIds();
  private final SealedIds compacted = new SealedIds();

  /** The segment list of the earlier copy, or an empty one. */
  private SegmentList earlier = SegmentList.NONE;

  private List<Path> leftovers = List.of();
  private boolean isThorough;
  private long lastLogId;
  private long lastCompactedId;
  private boolean logHasGrown;

  /** A segment to copy, and the header of its copy. */
  private record Target(LogSnapshot.Part part, SegmentHeader header) {}

  /**
   * @param log the log, of which everything that must be in the copy is synced
   * @param requireRunning throws if the copy has to be aborted
   */
  public LogCopy(Log log, Path to, Storage storage, Runnable requireRunning) {
    this.moment = LogSnapshot.of(log);
    this.sequence = moment.sequence();
    this.to = new SegmentFiles(to, storage, true);
    this.storage = storage;
    this.requireRunning = requireRunning;
    this.copier = new SegmentCopier(this.to, sequence, requireRunning);
  }

  /**
   * The result of a copy.
   *
   * @param sequence the last change in the copy
   */
  public record Copied(long sequence, int filesCopied, int filesKept, long bytesCopied) {}

  /** Prepares a directory without a complete copy, perhaps with an incomplete one. */
  public void prepareEmpty() throws IOException {
    List<Path> files = new ArrayList<>(to.list(SegmentHeader.LOG));
    files.addAll(to.list(SegmentHeader.COMPACTED));
    clear(files);
    SegmentHeader active =
        new SegmentHeader(ACTIVE_ID, ACTIVE_BYTES, to.secret(), SegmentHeader.LOG);
    try (FileChannel channel =
        storage.open(to.path(active), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      storage.write(channel, active.toBytes(), 0);
      storage.sync(channel);
    }
    SegmentList.Next next = new SegmentList.Next(active.secret(), RecordFingerprint.NONE);
    SegmentList none = SegmentList.NONE;
    earlier =
        new SegmentList(ACTIVE_ID - 1, 0, 0, next, none.log(), none.compacted(), none.dropped());
  }

  /**
   * Reads the state of an earlier copy, and changes nothing.
   *
   * @return the last change in it
   * @throws KvStoreException if the copy has been written to, or is not a copy
   */
  public long readEarlierCopy() throws IOException {
    DirectoryScan found = DirectoryScan.in(to);
    if (found.list().through() != ACTIVE_ID - 1
        || found.chain().size() != 1
        || DirectoryScan.hasData(to.path(ACTIVE_ID))) {
      throw new KvStoreException(
          to.directory()
              + " is no backup, or has been written to since: it has changes of its own");
    }
    SegmentList.Dropped named = SegmentList.Dropped.none();
    for (SegmentHeader header : found.whole()) {
      there.put(header.secret(), header);
      named.add(header.kind(), header.id(), requireNamed(found.list(), header));
    }
    leftovers = found.leftovers();
    lastLogId = named.log().last();
    lastCompactedId = named.compacted().last();
    SegmentList.Next next =
        new SegmentList.Next(found.chain().get(0).secret(), RecordFingerprint.NONE);
    SegmentList list = found.list();
    earlier =
        new SegmentList(
            list.through(),
            list.before(),
            list.synced(),
            next,
            named.log(),
            named.compacted(),
            list.dropped());
    return list.before();
  }

  /** Returns the checksum of the seal of a segment in the list. */
  private int requireNamed(SegmentList list, SegmentHeader header) throws IOException {
    Path file = to.path(header);
    ByteBuffer seal = SegmentCopier.lastRecord(file, header);
    if (seal.remaining() < RecordFormat.CONTROL_BYTES
        || !list.of(header.kind()).canBe(header.id(), RecordFormat.checksum(seal, 0))) {
      throw new CorruptStoreException(
          file, 0, "this is not the segment that the file " + SegmentList.FILE + " names");
    }
    return RecordFormat.checksum(seal, 0);
  }

  /**
   * Enables the byte-by-byte comparison of existing files, which may come from a copy of the store
   * that has diverged.
   */
  public void compareAllBytes() {
    isThorough = true;
  }

  /** Returns the last change that will be in the copy. */
  public long sequence() {
    return sequence;
  }

  /** Returns the tail of the copy, in which it would continue as a store. */
  public LogTail tail() {
    SegmentList.Next next = earlier.next();
    return next == null ? LogTail.NONE : new LogTail(ACTIVE_ID, next.secret(), 0);
  }

  /** Copies the missing segments, and commits the copy as of the log snapshot. */
  public Copied run() throws IOException {
    clear(leftovers);
    List<Target> targets = new ArrayList<>();
    for (LogSnapshot.Part part : moment.parts()) {
      requireRunning.run();
      if (part.end() > Segment.HEADER_BYTES) {
        plan(part, targets);
      }
    }
    if (!targets.isEmpty()) {
      write(planned(targets));
    }
    long bytes = 0;
    for (Target target : targets) {
      copier.copy(target.part(), target.header());
      bytes += target.header().capacity();
    }
    storage.syncDirectory(to.directory());
    requireRunning.run();
    write(finished());
    int all = inLog.size() + compacted.size();
    return new Copied(sequence, targets.size(), all - targets.size(), bytes);
  }

  private void plan(LogSnapshot.Part part, List<Target> targets) throws IOException {
    Segment segment = part.segment();
    SegmentHeader header = there.get(segment.secret());
    boolean isOrdered = segment.isCompacted() || !logHasGrown;
    if (header == null || !isOrdered || !copier.isCopy(header, part, isThorough)) {
      long id = segment.isCompacted() ? ++lastCompactedId : ++lastLogId;
      int bytes = SegmentCopier.bytes(part);
      header = new SegmentHeader(id, bytes, segment.secret(), segment.header().kind());
      targets.add(new Target(part, header));
      // A later segment of the log gets a higher id, even if it is already copied.
      logHasGrown |= !segment.isCompacted();
    }
    SealedIds ids = segment.isCompacted() ? compacted : inLog;
    ids.add(header.id(), RecordFormat.checksum(copier.seal(part), 0));
  }

  /** Returns the list of the earlier copy, with the segments to be copied as dropped. */
  private SegmentList planned(List<Target> targets) {
    SegmentList.Dropped dropped = SegmentList.Dropped.none();
    for (Target target : targets) {
      int seal = RecordFormat.checksum(copier.seal(target.part()), 0);
      dropped.add(target.header().kind(), target.header().id(), seal);
    }
    return new SegmentList(
        earlier.through(),
        earlier.before(),
        earlier.synced(),
        earlier.next(),
        earlier.log(),
        earlier.compacted(),
        dropped);
  }

  /** Returns the list of the new copy, with the other segments of the earlier one as dropped. */
  private SegmentList finished() {
    SegmentList.Dropped dropped =
        new SegmentList.Dropped(
            earlier.log().without(inLog), earlier.compacted().without(compacted));
    return new SegmentList(
        ACTIVE_ID - 1, sequence, sequence, earlier.next(), inLog, compacted, dropped);
  }

  private void write(SegmentList list) throws IOException {
    ByteBuffer text = list.toBytes();
    AtomicFile.write(to.directory(), SegmentList.FILE, storage, AtomicFile.of(text, storage));
  }

  /** Deletes the files that the copy does not need any more. */
  public void deleteOld() throws IOException {
    clear(DirectoryScan.in(to).leftovers());
    storage.syncDirectory(to.directory());
  }

  /** Deletes files that no list names, which are only copies of segments of the store. */
  private void clear(List<Path> files) throws IOException {
    for (Path file : to.listStaged()) {
      to.delete(file);
    }
    Map<Integer, LogSnapshot.Part> bySecret = new HashMap<>();
    for (LogSnapshot.Part part : moment.parts()) {
      bySecret.put(part.segment().secret(), part);
    }
    List<Path> others = new ArrayList<>();
    for (Path file : files) {
      SegmentHeader header = SegmentHeader.read(file);
      LogSnapshot.Part part = header == null ? null : bySecret.get(header.secret());
      if (part == null || !copier.isBeginning(file, part)) {
        others.add(file);
      }
    }
    SegmentList now = SegmentList.read(to.directory());
    ObsoleteSegments clearing =
        new ObsoleteSegments(to, now == null ? SegmentList.NONE : now, WriterTags.NONE);
    List<Path> strays = clearing.strays(others);
    clearing.clear(strays, strays);
    List<Path> ours = new ArrayList<>(files);
    ours.removeAll(strays);
    if (!ours.isEmpty()) {
      // A power cut must not bring back the previous list, which may name them.
      storage.syncDirectory(to.directory());
    }
    for (Path file : ours) {
      to.delete(file);
    }
  }
}
