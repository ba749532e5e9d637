package io.kvstore.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.platform.Arenas;
import io.kvstore.platform.Mapping;
import io.kvstore.platform.StoreLogger;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentUse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The spare files: files of dropped segments, with their mappings, kept for the next segments. The
 * system keeps the space of a deleted file until its mapping has ended, and before JDK 22 only the
 * garbage collector ends one: so a file that can be reused is not deleted.
 *
 * <p>A spare file is renamed durably before its content changes: whatever a crash leaves of it is
 * ignored by the next opening, which deletes it. Used only on threads of the store.
 */
public final class SpareFiles {
  /** The maximum number of spare files. */
  static final int MAX_FILES = 16;

  /** A segment may exceed the requested size by this fraction, to match a file. */
  private static final int SURPLUS_SHARE = 3;

  /** The file of a compacted segment may exceed the segment by this fraction. */
  private static final int SLACK_SHARE = 8;

  private static final String SUFFIX = ".spare";

  private final SegmentFiles files;
  private final SegmentSizes sizes;
  private final AtomicLong lastNumber = new AtomicLong();

  @GuardedBy("this")
  private final List<Spare> spares = new ArrayList<>();

  public SpareFiles(SegmentFiles files, SegmentSizes sizes) {
    this.files = files;
    this.sizes = sizes;
  }

  /** A spare file and its mapping. */
  public record Spare(Path file, Mapping mapping) {
    public int bytes() {
      return mapping.bytes();
    }
  }

  /** Returns the size of all spare files, in bytes. */
  public synchronized long bytes() {
    long sum = 0;
    for (Spare spare : spares) {
      sum += spare.bytes();
    }
    return sum;
  }

  /** Deletes spare files that were left by a store that was not closed. */
  public static void deleteLeft(SegmentFiles files) throws IOException {
    String[] names = files.directory().toFile().list();
    for (String name : names == null ? new String[0] : names) {
      if (isSpare(name)) {
        files.delete(files.directory().resolve(name));
      }
    }
  }

  private static boolean isSpare(String name) {
    boolean isNumber = name.endsWith(SUFFIX) && name.length() > SUFFIX.length();
    for (int i = 0; i < name.length() - SUFFIX.length(); i++) {
      isNumber &= name.charAt(i) >= '0' && name.charAt(i) <= '9';
    }
    return isNumber;
  }

  /**
   * Takes the files of segments that are not in the segment list and that can no longer be read:
   * their use has {@linkplain SegmentUse#end ended}.
   *
   * @param diskBytes the size of all segments
   * @return the segments whose files were not taken, unchanged
   */
  public List<Segment> offer(List<Segment> dropped, long diskBytes) throws IOException {
    List<Segment> left = new ArrayList<>();
    List<Spare> renamed = new ArrayList<>();
    boolean isShort = isShort(diskBytes);
    long bytes = bytes();
    long most = sizes.spareFileBytes(diskBytes);
    int count = count();
    for (Segment segment : dropped) {
      Mapping mapping = segment.mapping();
      int more = mapping == null ? 0 : mapping.bytes();
      boolean fits = isShort || (count < MAX_FILES && bytes + more <= most);
      Path spare = files.directory().resolve(lastNumber.incrementAndGet() + SUFFIX);
      if (mapping != null && fits && !segment.isDamaged() && isRenamed(segment, spare)) {
        renamed.add(new Spare(spare, mapping));
        bytes += mapping.bytes();
        count++;
      } else {
        left.add(segment);
      }
    }
    if (!renamed.isEmpty()) {
      keep(renamed);
    }
    return left;
  }

  /** Tries to rename the file of a segment; on failure the file can still be deleted. */
  private boolean isRenamed(Segment segment, Path spare) {
    try {
      return files.renameUnread(segment, spare);
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't rename " + segment.file(), e);
      return false;
    }
  }

  private void keep(List<Spare> renamed) {
    try {
      files.syncDirectory(); // or a power cut could bring a name back, with other bytes
      synchronized (this) {
        spares.addAll(renamed);
      }
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't keep spare files", e);
      for (Spare spare : renamed) {
        drop(spare);
      }
    }
  }

  private void drop(Spare spare) {
    try {
      delete(spare);
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't delete " + spare.file(), e);
      files.endOrCount(spare.mapping()); // the next opening deletes the file
    }
  }

  /**
   * Returns whether to keep all files, because the free space is smaller than the used space and
   * deleting a file would not release its space yet.
   */
  private boolean isShort(long diskBytes) throws IOException {
    return !Arenas.areAvailable()
        && !sizes.isLimited()
        && files.usableBytes() < diskBytes + bytes() + files.unreleasedBytes();
  }

  private synchronized int count() {
    return spares.size();
  }

  /**
   * Takes a file for a segment of the log, which may become larger to match it; null if none fits.
   */
  private @Nullable Spare takeForLog(int capacity) throws IOException {
    return takeFitting(capacity, capacity / SURPLUS_SHARE);
  }

  /**
   * Takes a file for a compacted segment, which may be smaller than the file: the surplus counts as
   * used space, but not as stale, or the segment would be compacted again. Null if none fits.
   */
  public @Nullable Spare takeForCompaction(int capacity) throws IOException {
    return takeFitting(capacity, sizes.isLimited() ? 0 : capacity / SLACK_SHARE);
  }

  /** Takes a fitting file, or any file if none fits and the disk is nearly full. */
  private @Nullable Spare takeFitting(int capacity, int surplus) throws IOException {
    Spare fitting = take(capacity, surplus);
    boolean takesAny = fitting == null && bytes() > 0 && isShort(0);
    return takesAny ? take(capacity, Integer.MAX_VALUE) : fitting;
  }

  private synchronized @Nullable Spare take(int capacity, int surplus) {
    int best = -1;
    for (int i = 0; i < spares.size(); i++) {
      int bytes = spares.get(i).bytes();
      if (bytes - capacity <= surplus && (best < 0 || bytes > spares.get(best).bytes())) {
        best = i;
      }
    }
    return best < 0 ? null : spares.remove(best);
  }

  /** Returns a segment of the log in one of the files, or null if none fits. */
  public @Nullable Segment reuse(long id, int capacity) throws IOException {
    Spare spare = takeForLog(capacity);
    if (spare == null) {
      return null;
    }
    int bytes = Math.max(capacity, spare.bytes());
    FileChannel channel = open(spare);
    try {
      return files.reuse(id, bytes, spare, channel);
    } catch (Throwable e) {
      channel.close();
      files.delete(files.path(id));
      if (Files.exists(spare.file())) {
        putBack(spare);
      }
      throw e;
    }
  }

  private synchronized void putBack(Spare spare) {
    spares.add(spare);
  }

  /** Opens a file to be overwritten; its header is erased first. */
  public FileChannel open(Spare spare) throws IOException {
    FileChannel channel =
        files.storage().open(spare.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      // The header goes first: by this a reader in another process detects that the rest has
      // changed.
      files.storage().write(channel, ByteBuffer.allocate(Segment.HEADER_BYTES), 0);
      return channel;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /** Deletes all files; their space is released once their mappings have ended. */
  public void clear() throws IOException {
    List<Spare> all;
    synchronized (this) {
      all = new ArrayList<>(spares);
      spares.clear();
    }
    for (Spare spare : all) {
      delete(spare);
    }
  }

  /** Deletes a file that was taken. */
  public void delete(Spare spare) throws IOException {
    files.delete(spare.file());
    files.endOrCount(spare.mapping());
  }
}
