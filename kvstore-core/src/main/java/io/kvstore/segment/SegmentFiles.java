package io.kvstore.segment;

import io.kvstore.KvStoreException;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.DirectoryListing;
import io.kvstore.platform.Mapping;
import io.kvstore.platform.Storage;
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

/** The segment files of a directory: their names, how one is created, opened and deleted. */
public final class SegmentFiles {
  private static final String[] SUFFIXES = {".segment", ".compacted"};
  private static final int ID_DIGITS = 10;

  /** Pages are at least this large everywhere. */
  private static final int PAGE_BYTES = 4096;

  /** A huge page of x86-64 and of most others. */
  private static final int HUGE_PAGE_BYTES = 2 << 20;

  private static final ByteBuffer ZEROS =
      ByteBuffer.allocateDirect(HUGE_PAGE_BYTES).asReadOnlyBuffer();

  private final Path directory;
  private final Storage storage;
  private final boolean writeThrough;
  private final AtomicLong unreleasedBytes = new AtomicLong();

  /** Made when the first segment is, since that takes its time. */
  public static final class Secrets {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /**
   * @param writeThrough whether records will be written through a channel, not the mapping
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

  /** Returns the files there are of a kind, by id. */
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

  /** Returns the files that were being written under another name. */
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
   * Creates a file at full size by writing zeros, so that a full disk shows here and not in a put,
   * and makes it durable before any record goes in: a damaged header is never the trace of a crash.
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
        // Blocks that are allocated and on disk make each later sync a plain overwrite.
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
   * Makes a spare file a segment of the log, as {@link #create} makes a new one.
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

  /** Returns the segment of a file by its mapping, or by a larger one if the file has grown. */
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

  /** Returns what tells the records of a new file from those of all others. */
  public int secret() {
    return Secrets.RANDOM.nextInt();
  }

  /** Maps a file, and closes the channel unless records are to go through it. */
  Segment open(SegmentHeader header, Path file, FileChannel channel) throws IOException {
    Mapping mapped = Mapping.of(channel, MapMode.READ_WRITE, header.capacity());
    if (writeThrough && !header.isCompacted()) {
      return new Segment(header, file, mapped, channel);
    }
    channel.close();
    return new Segment(header, file, mapped, null);
  }

  /** Looks at a file before it is mapped. */
  public interface Check {
    /**
     * Takes a look.
     *
     * @param bytes how long the file is, or the segment if that is less
     */
    void look(SegmentHeader header, FileChannel file, long bytes) throws IOException;
  }

  /** Maps what there is of a file, for reading, and shows it to a check. */
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

  /** Maps what there is of a file that others may be writing to. */
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

  /** Makes the last segment fit to be appended to: at full size again, if it was cut short. */
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

  /** Overwrites a part of a file with zeros, durably. */
  public void blank(Path file, int from, int to) throws IOException {
    try (FileChannel channel = storage.open(file, StandardOpenOption.WRITE)) {
      fill(channel, from, to);
      storage.sync(channel);
    }
  }

  /** Overwrites a part of a file with zeros, or extends the file by them. */
  public void fill(FileChannel channel, long from, long to) throws IOException {
    ByteBuffer zeros = ZEROS.duplicate();
    for (long at = from; at < to; at += zeros.limit()) {
      // A huge page at a time, where one starts: Linux caches it as one then, if it can, and maps
      // it
      // as one, which spares page faults, and cache misses of the page table to every reader.
      long rest = HUGE_PAGE_BYTES - at % HUGE_PAGE_BYTES;
      zeros.position(0).limit((int) Math.min(rest, to - at));
      storage.write(channel, zeros, at);
    }
  }

  /** Takes the page faults of a fresh mapping, which a put would otherwise take one by one. */
  public static void touch(Segment segment) {
    MappedByteBuffer mapped = segment.mapped();
    if (mapped != null) {
      for (int at = PAGE_BYTES; at < mapped.capacity(); at += PAGE_BYTES) {
        mapped.put(at, (byte) 0);
      }
    }
  }

  /** Refuses to go on in a directory that is not the store's any more. */
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
   * Gives the file of a segment another name, unless its bytes have another name too, or somebody
   * has the directory open to read it.
   */
  boolean renameUnread(Segment segment, Path to) throws IOException {
    Path file = path(segment.header());
    return hasOneName(file) && storage.moveUnread(file, to, segment.isCompacted(), segment.id());
  }

  private static boolean hasOneName(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:nlink") instanceof Integer links && links == 1;
    } catch (UnsupportedOperationException e) {
      return true; // a system whose files can't be mapped and renamed at once, or without links
    }
  }

  /** Ends a mapping whose file is deleted, or counts its bytes until the collector has ended it. */
  public void endOrCount(Mapping mapping) {
    if (!mapping.end()) {
      mapping.countUntilEnd(unreleasedBytes);
    }
  }

  /** Returns how many bytes could be written. */
  public long usableBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Returns the counter of bytes of deleted files that are still mapped. */
  public AtomicLong unreleased() {
    return unreleasedBytes;
  }

  /** Returns how many bytes of deleted files are still mapped. */
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
