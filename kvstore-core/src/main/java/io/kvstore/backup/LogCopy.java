package io.kvstore.backup;

import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.log.Log;
import io.kvstore.log.LogTail;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.Storage;
import io.kvstore.record.RecordFormat;
import io.kvstore.recovery.DirectoryScan;
import io.kvstore.recovery.ObsoleteSegments;
import io.kvstore.segment.RecordFingerprint;
import io.kvstore.segment.SealedIds;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentFiles;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentList;
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
 * Copies a log into a directory of a store of its own, once or again and again, and copies no
 * segment twice. For one use, on a thread of the store, in a directory that nobody else has.
 *
 * <p>All records of the copy lie in sealed segments that its list names, the tail of the log in one
 * that gets a seal of its own; the active segment is empty, and its id is far above theirs. So a
 * new file means nothing until the list names it, whatever the list was before: replacing the list
 * is the one moment at which the copy changes. For that the copies have ids of their own, new ones
 * each time; what a file is a copy of is told by the secret and the bytes, never by the name. A
 * tail has grown by the next time, and is copied anew.
 *
 * <p>Before anything is copied, the list says so: what it calls dropped is of no use to anybody if
 * the copying does not come to its end.
 */
public final class LogCopy {
  /** Leaves as many ids to what is copied as to what the copy may be used for. */
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

  /** The list of the earlier copy, or that of an empty one. */
  private SegmentList earlier = SegmentList.NONE;

  private List<Path> leftovers = List.of();
  private boolean isThorough;
  private long lastLogId;
  private long lastCompactedId;
  private boolean logHasGrown;

  /** A segment, and where its copy is to be. */
  private record Target(LogSnapshot.Part part, SegmentHeader header) {}

  /**
   * @param log as it is now, with all of it synced that is to be in the copy for sure
   * @param requireRunning throws if the copy is to be given up
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
   * What has been done.
   *
   * @param sequence the last change in the copy
   */
  public record Copied(long sequence, int filesCopied, int filesKept, long bytesCopied) {}

  /** Prepares a directory without a copy, in which there may be a part of one. */
  public void startAnew() throws IOException {
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
   * Finds out what an earlier copy has left, and changes nothing.
   *
   * @return the last change in it
   * @throws KvStoreException if somebody has used the copy, or it is none
   */
  public long goOn() throws IOException {
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

  /** Returns the checksum of the seal of a segment that a list names. */
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
   * Has what is there already compared byte by byte: it may come from a copy of the store that has
   * gone its own way.
   */
  public void beThorough() {
    isThorough = true;
  }

  /** Returns the last change that will be in the copy. */
  public long sequence() {
    return sequence;
  }

  /** Returns the segment that the copy would go on in. */
  public LogTail tail() {
    SegmentList.Next next = earlier.next();
    return next == null ? LogTail.NONE : new LogTail(ACTIVE_ID, next.secret(), 0);
  }

  /** Copies what is not there, and makes the copy what the log was at its moment. */
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
      // What is newer in the log gets a higher id, even if it is there already.
      logHasGrown |= !segment.isCompacted();
    }
    SealedIds ids = segment.isCompacted() ? compacted : inLog;
    ids.add(header.id(), RecordFormat.checksum(copier.seal(part), 0));
  }

  /** Returns the list of the earlier copy, with what is going to be copied as dropped. */
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

  /** Returns the list of the copy, with what the earlier one has besides as dropped. */
  private SegmentList finished() {
    SegmentList.Dropped dropped =
        new SegmentList.Dropped(
            earlier.log().without(inLog), earlier.compacted().without(compacted));
    return new SegmentList(
        ACTIVE_ID - 1, sequence, sequence, earlier.next(), inLog, compacted, dropped);
  }

  private void write(SegmentList list) throws IOException {
    ByteBuffer text = list.toBytes();
    AtomicFile.write(
        to.directory(), SegmentList.FILE, storage, channel -> storage.write(channel, text, 0));
  }

  /** Deletes what the copy does not need any more. */
  public void deleteOld() throws IOException {
    clear(DirectoryScan.in(to).leftovers());
    storage.syncDirectory(to.directory());
  }

  /**
   * Clears files away that no list names: copies of what the store has are of no use to anybody.
   */
  private void clear(List<Path> files) throws IOException {
    for (Path file : to.listStaged()) {
      to.delete(file);
    }
    Map<Integer, LogSnapshot.Part> bySecret = new HashMap<>();
    moment.parts().forEach(part -> bySecret.put(part.segment().secret(), part));
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
      // A power cut must not bring back the list before, which may name them.
      storage.syncDirectory(to.directory());
    }
    for (Path file : ours) {
      to.delete(file);
    }
  }
}
