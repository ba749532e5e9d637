package io.kvstore.index;

import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreLogger;
import io.kvstore.platform.StoreThread;
import io.kvstore.recovery.CheckpointPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/*
 * The file, big-endian:
 *
 *   bytes  field
 *       8  "KVINDEX3"
 *       8  whose index it is: the hash of the empty key, which depends on the store's secret
 *       4  length of the position, n
 *       n  position in the log: CheckpointPosition.encode
 *       4  number of stripes, s
 *     8*s  for each stripe: number of entries, CRC-32C of its slots
 *       4  CRC-32C of all before
 *    then  for each stripe: its slots, 8 bytes each, as in KeyIndex
 */

/**
 * A checkpoint of the indexes: a copy in a file beside the log, so that opening need not read the
 * whole log. It has no information that is not in the log: if it is missing or damaged, the log is
 * read instead.
 */
public final class IndexCheckpoint {
  public static final String FILE = "index";
  public static final long MAGIC = 0x4B56494E44455833L; // "KVINDEX3"

  /** "KVINDEX1" and "KVINDEX2": their data on the segments is not sufficient to rely on them. */
  private static final Set<Long> OLD_MAGICS = Set.of(0x4B56494E44455831L, 0x4B56494E44455832L);

  /** The size of the header before the position, in bytes. */
  static final int FIXED_BYTES = 2 * Long.BYTES + Integer.BYTES;

  private static final int CHUNK_BYTES = 64 << 10;

  private final Path file;
  private final CheckpointPosition position;
  private final int[] counts;
  private final int[] checksums;
  private final long[] starts;

  private IndexCheckpoint(Path file, CheckpointPosition position, ByteBuffer stripes, long start) {
    this.file = file;
    this.position = position;
    int length = stripes.remaining() / Long.BYTES;
    this.counts = new int[length];
    this.checksums = new int[length];
    this.starts = new long[length];
    long at = start;
    for (int i = 0; i < length; i++) {
      counts[i] = stripes.getInt();
      checksums[i] = stripes.getInt();
      starts[i] = at;
      at += (long) counts[i] * Long.BYTES;
    }
  }

  /** Returns the number of bytes before the slots. */
  public static int headBytes(int positionBytes, int stripes) {
    return FIXED_BYTES + positionBytes + Integer.BYTES + stripes * Long.BYTES + Integer.BYTES;
  }

  /** Returns the checkpoint of a directory, or null if there is none that can be used. */
  public static @Nullable IndexCheckpoint read(Path directory, long owner, int stripes)
      throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (isOld(channel)) {
        return null; // it is rewritten when the store is closed
      }
      ByteBuffer fixed = read(channel, (int) Math.min(FIXED_BYTES, channel.size()));
      if (fixed.remaining() == FIXED_BYTES
          && fixed.getLong() == MAGIC
          && fixed.getLong() == owner) {
        int positionBytes = fixed.getInt();
        long size = (long) positionBytes + headBytes(0, stripes);
        if (positionBytes >= 0 && size <= channel.size()) {
          ByteBuffer head = read(channel, (int) size);
          IndexCheckpoint whole = parse(file, head, positionBytes, stripes);
          if (whole != null && whole.fits(channel.size())) {
            return whole;
          }
        }
      }
    }
    StoreLogger.get()
        .log(System.Logger.Level.WARNING, "{0} is damaged or old: reading the log", file);
    return null;
  }

  private static boolean isOld(FileChannel channel) throws IOException {
    return channel.size() >= Long.BYTES && OLD_MAGICS.contains(read(channel, Long.BYTES).getLong());
  }

  private static @Nullable IndexCheckpoint parse(
      Path file, ByteBuffer head, int positionBytes, int stripes) {
    int checked = head.remaining() - Integer.BYTES;
    if (head.getInt(checked) != checksum(head.slice(0, checked))) {
      return null;
    }
    CheckpointPosition position = CheckpointPosition.decode(head.slice(FIXED_BYTES, positionBytes));
    int at = FIXED_BYTES + positionBytes;
    if (position == null || head.getInt(at) != stripes) {
      return null;
    }
    ByteBuffer table = head.slice(at + Integer.BYTES, stripes * Long.BYTES);
    return new IndexCheckpoint(file, position, table, head.remaining());
  }

  /** Deletes the file of a directory; the deletion is durable on return. */
  public static void delete(Path directory, Storage storage) throws IOException {
    storage.delete(directory.resolve(FILE));
    storage.syncDirectory(directory);
  }

  CheckpointPosition position() {
    return position;
  }

  /**
   * Restores empty indexes, several in parallel.
   *
   * @param isThere whether a location is still valid; slots with other locations are skipped. If
   *     null, all are valid, and an index then loads its slots when they are needed
   * @return false if a part is damaged; the indexes are unusable then
   */
  boolean restore(IndexBuilder[] indexes, @Nullable LongPredicate isThere) {
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean whole = new AtomicBoolean(true);
    try {
      List<StoredSlots> parts = map();
      StoreThread.runParallel(
          "restore",
          file,
          indexes.length,
          new StoreThread.Work() {
            @Override
            public void run() throws IOException {
              ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
              try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                for (int i = next.getAndIncrement();
                    i < indexes.length;
                    i = next.getAndIncrement()) {
                  if (!parts.get(i).isWhole(channel, chunk)) {
                    whole.set(false);
                  } else if (isThere == null) {
                    indexes[i].index().restoreLater(parts.get(i));
                  } else {
                    indexes[i].restore(parts.get(i), isThere);
                  }
                }
              }
            }
          });
    } catch (IOException e) {
      StoreLogger.get().log(System.Logger.Level.WARNING, "can't read " + file, e);
      return false;
    }
    if (!whole.get()) {
      StoreLogger.get()
          .log(System.Logger.Level.WARNING, "{0} is damaged: reading the log instead", file);
    }
    return whole.get();
  }

  /** Maps the slots of all stripes, as many per mapping as possible. */
  private List<StoredSlots> map() throws IOException {
    List<StoredSlots> parts = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int first = 0, behind; first < counts.length; first = behind) {
        behind = first + 1;
        while (behind < counts.length && end(behind) - starts[first] <= Integer.MAX_VALUE) {
          behind++;
        }
        long bytes = end(behind - 1) - starts[first];
        ByteBuffer mapped = channel.map(MapMode.READ_ONLY, starts[first], bytes);
        for (int i = first; i < behind; i++) {
          int at = (int) (starts[i] - starts[first]);
          ByteBuffer slots = mapped.slice(at, (int) (end(i) - starts[i]));
          parts.add(new StoredSlots(file, starts[i], counts[i], checksums[i], slots));
        }
      }
    }
    return parts;
  }

  /** Returns whether the slots of every stripe lie within a file size. */
  private boolean fits(long fileBytes) {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0 || end(i) > fileBytes) {
        return false;
      }
    }
    return true;
  }

  /** Returns the end of the slots of a stripe. */
  private long end(int stripe) {
    return starts[stripe] + (long) counts[stripe] * Long.BYTES;
  }

  private static ByteBuffer read(FileChannel channel, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    fill(channel, bytes, 0);
    return bytes;
  }

  static void fill(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the file ends before it should");
      }
    }
    bytes.flip();
  }

  public static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
