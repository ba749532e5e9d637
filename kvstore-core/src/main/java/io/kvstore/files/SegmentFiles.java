package io.kvstore.files;

import io.kvstore.KvStoreException;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.DirectoryListing;
import io.kvstore.platform.Mapping;
import io.kvstore.platform.Storage;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The segment files of a directory: names, creation, opening and deletion. */
public final class SegmentFiles {
  private static final String[] SUFFIXES = {".segment", ".compacted"};
  private static final int ID_DIGITS = 10;

  /** The minimum page size of all platforms. */
  private static final int PAGE_BYTES = 4096;

  /** The huge page size of x86-64 and most other platforms. */
  private static final int HUGE_PAGE_BYTES = 2 << 20;

  private static final ByteBuffer ZEROS =
      ByteBuffer.allocateDirect(HUGE_PAGE_BYTES).asReadOnlyBuffer();

  private final Path directory;
  private final Storage storage;
  private final boolean writeThrough;
  private final AtomicLong unreleasedBytes = new AtomicLong();

  /**
   * The holder of the random generator, which is created with the first segment, since that takes
   * time.
   */
  public static final class Secrets {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /**
   * @param writeThrough whether records are written through a channel, not the mapping
   */
  public SegmentFiles(Path directory, Storage storage, boolean writeThrough) {
    this.directory = directory;
    this.storage = storage;
    this.writeThrough = writeThrough;
  }

  /** Returns the file of a segment of the log. */
  public Path path(long id) {
    return path(id, SegmentHeader.LOG);
  }

  public Path path(SegmentHeader header) {
    return path(header.id(), header.kind());
  }

  public Path path(long id, int kind) {
    String digits = Long.toString(id);
    String zeros = "0".repeat(Math.max(0, ID_DIGITS - digits.length()));
    return directory.resolve(zeros + digits + SUFFIXES[kind]);
  }

  public static int kind(Path file) {
    return file.toString().endsWith(SUFFIXES[SegmentHeader.COMPACTED])
        ? SegmentHeader.COMPACTED
        : SegmentHeader.LOG;
  }

  public static long id(Path file) {
    return Long.parseLong(file.getFileName().toString().substring(0, ID_DIGITS));
  }

  /** Returns the segment files of a kind, ordered by id. */
  public List<Path> list(int kind) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path file : DirectoryListing.of(directory)) {
      if (isSegment(file, kind)) {
        files.add(file);
      }
    }
    files.sort(null);
    return files;
  }

  /** Returns the staged files, which were being written under a temporary name. */
  public List<Path> listStaged() throws IOException {
    String staged = AtomicFile.SUFFIX;
    List<Path> files = new ArrayList<>();
    for (Path file : DirectoryListing.of(directory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(staged)) {
        Path of = file.resolveSibling(name.substring(0, name.length() - staged.length()));
        if (isSegment(of, SegmentHeader.LOG) || isSegment(of, SegmentHeader.COMPACTED)) {
          files.add(file);
        }
      }
    }
    return files;
  }

  private static boolean isSegment(Path file, int kind) {
    String name = file.getFileName().toString();
    if (name.length() != ID_DIGITS + SUFFIXES[kind].length() || !name.endsWith(SUFFIXES[kind])) {
      return false;
    }
    for (int i = 0; i < ID_DIGITS; i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * Creates a file at full size by writing zeros, so that a full disk fails here and not in a put,
   * and syncs it before any record is appended: so a damaged header is never the result of a crash.
   */
  public Segment create(long id, int capacity) throws IOException {
    SegmentHeader header = new SegmentHeader(id, capacity, secret(), SegmentHeader.LOG);
    Path file = path(id);
    FileChannel channel =
        storage.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      storage.write(channel, header.toBytes(), 0);
      if (writeThrough) {
        // With allocated blocks on disk, each later sync is a plain overwrite.
        fill(channel, Segment.HEADER_BYTES, capacity);
        storage.sync(channel);
      } else {
        storage.sync(channel);
        fill(channel, Segment.HEADER_BYTES, capacity);
      }
      storage.syncDirectory(directory);
      return open(header, file, channel);
    } catch (Throwable e) {
      channel.close();
      storage.delete(file);
      throw e;
    }
  }

  /**
   * Turns a spare file into a segment of the log, as {@link #create} creates a new one.
   *
   * @param channel of the spare file, which has no header any more
   */
  Segment reuse(long id, int capacity, SpareFiles.Spare spare, FileChannel channel)
      throws IOException {
    SegmentHeader header = new SegmentHeader(id, capacity, secret(), SegmentHeader.LOG);
    Path file = path(id);
    storage.write(channel, header.toBytes(), 0);
    if (writeThrough) {
      fill(channel, Segment.HEADER_BYTES, capacity);
      storage.sync(channel);
    } else {
      storage.sync(channel);
      fill(channel, Segment.HEADER_BYTES, capacity);
    }
    storage.move(spare.file(), file);
    storage.syncDirectory(directory);
    return remap(header, file, spare.mapping(), channel);
  }

  /** Returns the segment of a file with its mapping, or with a larger one if the file has grown. */
  private Segment remap(SegmentHeader header, Path file, Mapping mapping, FileChannel channel)
      throws IOException {
    if (mapping.bytes() < header.capacity() || !mapping.isWritable()) {
      boolean unused = mapping.end();
      return open(header, file, channel);
    }
    if (writeThrough && !header.isCompacted()) {
      return new Segment(header, file, mapping, channel);
    }
    channel.close();
    return new Segment(header, file, mapping, null);
  }

  /** Maps a compacted segment that is whole. */
  public Segment openCompacted(SegmentHeader header, @Nullable Mapping mapping, FileChannel channel)
      throws IOException {
    Path file = path(header);
    if (mapping != null) {
      return remap(header, file, mapping, channel);
    }
    Mapping mapped = Mapping.of(channel, MapMode.READ_WRITE, header.capacity());
    channel.close();
    return new Segment(header, file, mapped, null);
  }

  /** Returns a new secret, which distinguishes the records of a file from those of all others. */
  public int secret() {
    return Secrets.RANDOM.nextInt();
  }

  /** Maps a file, and closes the channel unless records are written through it. */
  Segment open(SegmentHeader header, Path file, FileChannel channel) throws IOException {
    Mapping mapped = Mapping.of(channel, MapMode.READ_WRITE, header.capacity());
    if (writeThrough && !header.isCompacted()) {
      return new Segment(header, file, mapped, channel);
    }
    channel.close();
    return new Segment(header, file, mapped, null);
  }

  /** A check of a file before it is mapped. */
  public interface Check {
    /**
     * Checks the file.
     *
     * @param bytes the size of the file or of the segment, whichever is less
     */
    void look(SegmentHeader header, FileChannel file, long bytes) throws IOException;
  }

  /** Runs a check on a file and maps its existing bytes for reading. */
  public Segment openWhole(SegmentHeader header, Check check) throws IOException {
    Path file = path(header);
    try (FileChannel channel =
        storage.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long bytes = Math.min(channel.size(), header.capacity());
      check.look(header, channel, bytes);
      Segment segment =
          new Segment(header, file, Mapping.of(channel, MapMode.READ_WRITE, bytes), null);
      segment.fileOf(channel.size());
      return segment;
    }
  }

  /** Maps the existing bytes of a file that another process may be writing to. */
  public Segment openForReading(SegmentHeader header) throws IOException {
    Path file = path(header);
    try (FileChannel channel = storage.open(file, StandardOpenOption.READ)) {
      long bytes = Math.min(channel.size(), header.capacity());
      Segment segment =
          new Segment(header, file, Mapping.of(channel, MapMode.READ_ONLY, bytes), null);
      if (bytes >= Segment.HEADER_BYTES) {
        segment.use().watch(segment.content(), header);
      }
      return segment;
    }
  }

  /** Opens the last segment for appending, extended to its full size if it was cut short. */
  public Segment openTail(Segment segment) throws IOException {
    Path file = path(segment.header());
    FileChannel channel = storage.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      fill(channel, channel.size(), segment.capacity());
      if (writeThrough) {
        storage.sync(channel);
      }
      return open(segment.header(), file, channel);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /** Overwrites a range of a file with zeros and syncs it. */
  public void blank(Path file, int from, int to) throws IOException {
    try (FileChannel channel = storage.open(file, StandardOpenOption.WRITE)) {
      fill(channel, from, to);
      storage.sync(channel);
    }
  }

  /** Overwrites a range of a file with zeros, or extends the file with them. */
  public void fill(FileChannel channel, long from, long to) throws IOException {
    ByteBuffer zeros = ZEROS.duplicate();
    for (long at = from; at < to; at += zeros.limit()) {
      // Written in aligned huge pages: Linux then caches and maps each as one huge page, if it can,
      // which saves page faults, and page-table cache misses for every reader.
      long rest = HUGE_PAGE_BYTES - at % HUGE_PAGE_BYTES;
      zeros.position(0).limit((int) Math.min(rest, to - at));
      storage.write(channel, zeros, at);
    }
  }

  /** Pre-faults the pages of a new mapping, which puts would otherwise fault in one by one. */
  public static void touch(Segment segment) {
    MappedByteBuffer mapped = segment.mapped();
    if (mapped != null) {
      for (int at = PAGE_BYTES; at < mapped.capacity(); at += PAGE_BYTES) {
        mapped.put(at, (byte) 0);
      }
    }
  }

  /** Requires that the directory still belongs to the store. */
  public void requireOwned() {
    try {
      storage.requireOwned();
    } catch (IOException e) {
      throw new KvStoreException(e.getMessage(), e);
    }
  }

  public void delete(Path file) throws IOException {
    storage.delete(file);
  }

  /**
   * Renames the file of a segment, unless the file has another hard link or a reader has the
   * directory open.
   */
  boolean renameUnread(Segment segment, Path to) throws IOException {
    Path file = path(segment.header());
    return hasOneName(file) && storage.moveUnread(file, to, segment.isCompacted(), segment.id());
  }

  private static boolean hasOneName(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:nlink") instanceof Integer links && links == 1;
    } catch (UnsupportedOperationException e) {
      return true; // a system where mapped files can't be renamed, or without hard links
    }
  }

  /**
   * Ends the mapping of a deleted file, or counts its bytes until the garbage collector has ended
   * it.
   */
  public void endOrCount(Mapping mapping) {
    if (!mapping.end()) {
      mapping.countUntilEnd(unreleasedBytes);
    }
  }

  /** Returns the usable space of the disk, in bytes. */
  public long usableBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Returns the counter of the bytes of deleted files that are still mapped. */
  public AtomicLong unreleased() {
    return unreleasedBytes;
  }

  /** Returns the number of bytes of deleted files that are still mapped. */
  public long unreleasedBytes() {
    return unreleasedBytes.get();
  }

  public void syncDirectory() throws IOException {
    storage.syncDirectory(directory);
  }

  public Path directory() {
    return directory;
  }

  public Storage storage() {
    return storage;
  }

  public boolean writeThrough() {
    return writeThrough;
  }
}
