package io.kvstore.compaction;

import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.files.SpareFiles;
import io.kvstore.platform.Arenas;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.Mapping;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreLogger;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The compacted segments of a directory. Used on a thread of the store. */
public final class CompactedDirectory implements CompactedFiles {
  private final SegmentFiles files;
  private final SpareFiles spares;
  private long lastId;

  /** Segments whose file is deleted, but which were still being read. */
  private final List<WeakReference<Segment>> inUse = new ArrayList<>();

  /**
   * @param lastId the highest id ever used
   * @param spares the spare files, which are reused, and to which the files of dropped segments are
   *     added
   */
  public CompactedDirectory(SegmentFiles files, long lastId, SpareFiles spares) {
    this.files = files;
    this.lastId = lastId;
    this.spares = spares;
  }

  @Override
  public Output create(int capacity) throws IOException {
    SpareFiles.Spare spare = spares.takeForCompaction(capacity);
    SegmentHeader header =
        new SegmentHeader(++lastId, capacity, files.secret(), SegmentHeader.COMPACTED);
    Path file = files.path(header);
    if (spare != null) {
      return new FileOutput(header, file, spare, spares.open(spare));
    }
    FileChannel channel =
        files
            .storage()
            .open(
                file,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    return new FileOutput(header, file, null, channel);
  }

  private final class FileOutput implements Output {
    private final SegmentHeader header;
    private final Path file;
    private final SpareFiles.@Nullable Spare spare;
    private final FileChannel channel;
    private int at;

    FileOutput(
        SegmentHeader header, Path file, SpareFiles.@Nullable Spare spare, FileChannel channel) {
      this.header = header;
      this.file = file;
      this.spare = spare;
      this.channel = channel;
    }

    @Override
    public SegmentHeader header() {
      return header;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      files.storage().write(channel, bytes, at);
      at += length;
    }

    @Override
    public Segment finish() throws IOException {
      if (spare != null) {
        files.fill(channel, at, spare.bytes());
      }
      files.storage().sync(channel);
      if (spare != null) {
        files.storage().move(spare.file(), file);
      }
      return files.openCompacted(header, spare == null ? null : spare.mapping(), channel);
    }

    @Override
    public void abandon() {
      try {
        channel.close();
        files.delete(file);
        if (spare != null) {
          spares.delete(spare);
        }
      } catch (IOException e) {
        StoreLogger.get().log(System.Logger.Level.WARNING, "can't delete " + file, e);
      }
    }
  }

  @Override
  public void commit(SegmentList list, Runnable listed) throws IOException {
    // The new files first: a list must never refer to a file that a power cut can take.
    files.syncDirectory();
    ByteBuffer text = list.toBytes();
    Path directory = files.directory();
    Storage storage = files.storage();
    AtomicFile.stage(directory, SegmentList.FILE, storage, AtomicFile.of(text, storage));
    listed.run(); // before the list can become valid: a later failure leaves it in doubt
    AtomicFile.move(directory, SegmentList.FILE, storage);
    storage.syncDirectory(directory);
  }

  @Override
  public long usableBytes() throws IOException {
    return files.usableBytes();
  }

  @Override
  public long unreleasedBytes() {
    return files.unreleasedBytes();
  }

  @Override
  public long spareBytes() {
    return spares.bytes();
  }

  @Override
  public void clearSpares() throws IOException {
    spares.clear();
  }

  // ---- dropped segments

  @Override
  public List<Segment> delete(List<Segment> segments, SegmentTable table, long diskBytes) {
    endUnused(table);
    List<Segment> unread = new ArrayList<>();
    List<Segment> read = new ArrayList<>();
    for (Segment segment : segments) {
      closeChannel(segment);
      (table.isFree(segment) && segment.use().end() ? unread : read).add(segment);
    }
    List<Segment> there = new ArrayList<>();
    for (Segment left : offer(unread, diskBytes)) {
      deleteFile(left, there);
      Mapping mapping = left.mapping();
      if (mapping != null) {
        files.endOrCount(mapping);
      }
    }
    for (Segment segment : read) {
      deleteFile(segment, there);
      Mapping mapping = segment.mapping();
      if (mapping != null) {
        mapping.countUntilEnd(files.unreleased());
        inUse.add(new WeakReference<>(segment));
      }
    }
    return there;
  }

  private List<Segment> offer(List<Segment> unread, long diskBytes) {
    try {
      return spares.offer(unread, diskBytes);
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't keep spare files", e);
      return unread; // no file was renamed
    }
  }

  /** Ends the mappings of segments that are no longer read. */
  private void endUnused(SegmentTable table) {
    inUse.removeIf(
        new Predicate<>() {
          @Override
          public boolean test(WeakReference<Segment> reference) {
            Segment segment = reference.get();
            Mapping mapping = segment == null ? null : segment.mapping();
            if (segment == null || mapping == null) {
              return true;
            }
            boolean isUnused = table.isFree(segment) && segment.use().end();
            return isUnused
                && (mapping.end() || !Arenas.areAvailable()); // else the garbage collector does
          }
        });
  }

  private static void closeChannel(Segment segment) {
    try {
      segment.closeChannel();
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't close " + segment.file(), e);
    }
  }

  private void deleteFile(Segment segment, List<Segment> there) {
    Path file = files.path(segment.header());
    try {
      files.delete(file);
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't delete " + file, e);
      there.add(segment);
    }
  }
}
