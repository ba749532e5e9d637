package io.kvstore.index;

import io.kvstore.CorruptStoreException;
import io.kvstore.platform.StoreLogger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The slots of one stripe in an {@link IndexCheckpoint}.
 *
 * @param at the offset of the first in the file
 * @param count the number of slots
 * @param checksum CRC-32C of their bytes
 * @param mapped their bytes, big-endian; must only be read
 */
public record StoredSlots(Path file, long at, int count, int checksum, ByteBuffer mapped) {
  private static final int CHUNK_BYTES = 64 << 10;

  /** A consumer of slots, which are the first {@code count} of an array. */
  @FunctionalInterface
  interface Taker {
    void take(long[] slots, int count);
  }

  /**
   * Returns whether the slots are what was written. Reads them from the file and not the mapping,
   * so that a read error of the disk is an exception.
   */
  boolean isWhole(FileChannel channel, ByteBuffer chunk) throws IOException {
    CRC32C crc = new CRC32C();
    long next = at;
    long end = at + bytes();
    while (next < end) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), end - next));
      IndexCheckpoint.fill(channel, chunk, next);
      next += chunk.remaining();
      crc.update(chunk);
    }
    return (int) crc.getValue() == checksum;
  }

  /**
   * Passes the slots to a consumer, a part at a time.
   *
   * @throws CorruptStoreException if they are not what was written; thrown only after all were
   *     passed
   */
  void copyTo(Taker taker) {
    CRC32C crc = new CRC32C();
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, bytes())];
    // Copied in bulk into an array: until the code is compiled, each access to a buffer is slow.
    LongBuffer view = ByteBuffer.wrap(chunk).asLongBuffer();
    long[] slots = new long[view.capacity()];
    ByteBuffer from = mapped.duplicate();
    while (from.hasRemaining()) {
      int length = Math.min(chunk.length, from.remaining());
      from.get(chunk, 0, length);
      crc.update(chunk, 0, length);
      view.clear().get(slots, 0, length / Long.BYTES);
      taker.take(slots, length / Long.BYTES);
    }
    if ((int) crc.getValue() != checksum) {
      StoreLogger.get().log(System.Logger.Level.ERROR, "{0} was changed while it was in use", file);
      throw new CorruptStoreException(
          file, at, "the index was changed while it was in use; without the file, the log is read");
    }
  }

  private long bytes() {
    return (long) count * Long.BYTES;
  }
}
