package io.kvstore.engine;

import io.kvstore.log.LogPosition;
import io.kvstore.log.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Writes an {@link IndexCheckpoint} of indexes that nobody changes any more. */
final class IndexCheckpointWriter {
  private static final int CHUNK_BYTES = 64 << 10;

  private final Path directory;
  private final Storage storage;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

  IndexCheckpointWriter(Path directory, Storage storage) {
    this.directory = directory;
    this.storage = storage;
  }

  /**
   * Writes the file durably, in place of any other.
   *
   * @param position in the log, which has been synced to there; the indexes show all up to it
   */
  void write(long owner, LogPosition position, KeyIndex[] indexes) throws IOException {
    FileReplacement.write(
        directory,
        IndexCheckpoint.FILE,
        storage,
        channel -> writeTo(channel, owner, position, indexes));
  }

  private void writeTo(FileChannel channel, long owner, LogPosition position, KeyIndex[] indexes)
      throws IOException {
    ByteBuffer encoded = position.encode();
    int headBytes = IndexCheckpoint.headBytes(encoded.remaining(), indexes.length);
    ByteBuffer head = ByteBuffer.allocate(headBytes);
    head.putLong(IndexCheckpoint.MAGIC).putLong(owner);
    head.putInt(encoded.remaining()).put(encoded).putInt(indexes.length);
    long at = headBytes;
    for (KeyIndex index : indexes) {
      head.putInt(index.entries()).putInt(writeSlots(channel, at, index));
      at += (long) index.entries() * Long.BYTES;
    }
    head.putInt(IndexCheckpoint.checksum(head.duplicate().flip()));
    storage.write(channel, head.flip(), 0);
  }

  /** Writes the slots of one stripe and returns their checksum. */
  private int writeSlots(FileChannel channel, long start, KeyIndex index) throws IOException {
    CRC32C crc = new CRC32C();
    long at = start;
    for (int next = 0; next < index.slotCount(); ) {
      chunk.clear();
      next = index.copyEntries(next, chunk);
      chunk.flip();
      crc.update(chunk.duplicate());
      long from = at;
      at += chunk.remaining();
      storage.write(channel, chunk, from);
    }
    return (int) crc.getValue();
  }
}
