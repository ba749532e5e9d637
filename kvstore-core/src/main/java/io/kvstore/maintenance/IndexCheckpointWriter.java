package io.kvstore.maintenance;

import io.kvstore.index.IndexCheckpoint;
import io.kvstore.index.Slot;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.LongList;
import io.kvstore.platform.Storage;
import io.kvstore.recovery.CheckpointPosition;
import io.kvstore.stripe.Stripe;
import io.kvstore.stripe.Stripes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;

/** The writer of an {@link IndexCheckpoint}, of indexes that may change meanwhile. */
final class IndexCheckpointWriter {
  private static final int CHUNK_BYTES = 64 << 10;

  /** The average number of slots that are copied while their stripe is locked. */
  private static final int SLOTS_AT_ONCE = 4096;

  private final Path directory;
  private final Storage storage;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
  private final LongList slots = new LongList();

  IndexCheckpointWriter(Path directory, Storage storage) {
    this.directory = directory;
    this.storage = storage;
  }

  /** An action before the file replaces the last one. */
  @FunctionalInterface
  interface Securing {
    void run() throws IOException;
  }

  /**
   * Writes the file durably, replacing any other.
   *
   * @param unsynced the position in the log; a snapshot is open at its sequence, or nothing changes
   *     any more
   * @param securing syncs the log, up to its end
   * @return the position that is written to the file
   */
  CheckpointPosition write(
      long owner, CheckpointPosition.Unsynced unsynced, Stripes stripes, Securing securing)
      throws IOException {
    CheckpointPosition position = unsynced.position();
    int headBytes = IndexCheckpoint.headBytes(position.bytes(), stripes.count());
    ByteBuffer table = ByteBuffer.allocate(stripes.count() * Long.BYTES);
    AtomicFile.write(
        directory,
        IndexCheckpoint.FILE,
        storage,
        new AtomicFile.Content() {
          @Override
          public void writeTo(FileChannel channel) throws IOException {
            writeSlots(new Output(channel, headBytes), position, stripes, table);
            securing.run();
            writeHead(channel, owner, unsynced.synced(), table.flip());
          }
        });
    return unsynced.synced();
  }

  private void writeSlots(
      Output output, CheckpointPosition position, Stripes stripes, ByteBuffer table)
      throws IOException {
    LongPredicate covered = position.covered();
    for (int i = 0; i < stripes.count(); i++) {
      long start = output.at;
      writeSlots(stripes.get(i), position.sequence(), covered, output);
      table.putInt((int) ((output.at - start) / Long.BYTES)).putInt(output.checksum());
    }
  }

  private void writeHead(
      FileChannel channel, long owner, CheckpointPosition position, ByteBuffer table)
      throws IOException {
    int stripes = table.remaining() / Long.BYTES;
    ByteBuffer head = ByteBuffer.allocate(IndexCheckpoint.headBytes(position.bytes(), stripes));
    head.putLong(IndexCheckpoint.MAGIC).putLong(owner);
    head.putInt(position.bytes()).put(position.encode()).putInt(stripes).put(table);
    head.putInt(IndexCheckpoint.checksum(head.duplicate().flip()));
    storage.write(channel, head.flip(), 0);
  }

  /** Writes the covered slots of one stripe as of a sequence. */
  private void writeSlots(Stripe stripe, long sequence, LongPredicate covered, Output output)
      throws IOException {
    for (int tag = 0, to; tag < Slot.TAGS; tag = to) {
      to = Math.min(Slot.TAGS, tag + stripe.index().tagsFor(SLOTS_AT_ONCE));
      slots.clear();
      stripe.addSlots(tag, to, sequence, slots);
      for (int i = 0; i < slots.size(); i++) {
        if (covered.test(Slot.location(slots.get(i)))) {
          output.write(slots.get(i));
        }
      }
    }
    output.flush();
  }

  /** The buffered output of the slots. */
  private final class Output {
    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private long at;

    Output(FileChannel channel, long at) {
      this.channel = channel;
      this.at = at;
      chunk.clear();
    }

    void write(long slot) throws IOException {
      if (!chunk.hasRemaining()) {
        flush();
      }
      chunk.putLong(slot);
    }

    void flush() throws IOException {
      chunk.flip();
      crc.update(chunk.duplicate());
      long from = at;
      at += chunk.remaining();
      storage.write(channel, chunk, from);
      chunk.clear();
    }

    /** Returns the checksum of all slots since the last call. */
    int checksum() {
      int checksum = (int) crc.getValue();
      crc.reset();
      return checksum;
    }
  }
}
