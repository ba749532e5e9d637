package io.kvstore.index;

import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.Allocation;
import io.kvstore.testing.ScratchFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The fuzz target of the index checkpoint: any file restores indexes with as many entries as it has
 * slots, or is ignored.
 */
public final class IndexCheckpointFuzz {
  private static final ScratchFiles FILES = ScratchFiles.create();
  private static final long OWNER = 7;
  private static final int STRIPES = 4;
  private static final int MAX_STATES = 4;
  private static final int STATE_BYTES = 88;
  private static final long MAX_ALLOCATED = 1 << 20;
  private static final long MAX_ALLOCATED_BY_BYTE = 1 << 8;

  private IndexCheckpointFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    long most = MAX_ALLOCATED + MAX_ALLOCATED_BY_BYTE * input.length;
    Allocation.within(most, () -> read(input));
    if (input.length > 0) {
      Allocation.within(most, () -> read(whole(input)));
    }
  }

  private static void read(byte[] file) {
    FILES.write(IndexCheckpoint.FILE, file);
    try {
      IndexCheckpoint read = IndexCheckpoint.read(FILES.directory(), OWNER, STRIPES);
      if (read == null) {
        return;
      }
      restore(read, null);
      restore(read, location -> location % 2 == 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void restore(IndexCheckpoint read, @Nullable LongPredicate isThere) {
    SegmentTable segments = new SegmentTable();
    IndexBuilder[] builders =
        Stream.generate(() -> new IndexBuilder(segments, new KeyIndex(segments)))
            .limit(STRIPES)
            .toArray(IndexBuilder[]::new);
    if (read.restore(builders, isThere)) {
      for (IndexBuilder builder : builders) {
        builder.finish();
        KeyIndex index = builder.index();
        long[] loaded = index.load();
        long free = Arrays.stream(loaded).filter(slot -> slot == Slot.EMPTY).count();
        if (free == 0 || index.entries() < 0) {
          throw new AssertionError(index.entries() + " entries leave no slot empty");
        }
      }
    }
  }

  /** Lays a file out: a first byte says how many segments it knows; what it lacks is zeros. */
  private static byte[] whole(byte[] input) {
    int positionBytes = 12 + (input[0] & 0xFF) % MAX_STATES * STATE_BYTES;
    int headBytes = IndexCheckpoint.headBytes(positionBytes, STRIPES);
    int ownBytes = positionBytes + STRIPES * Long.BYTES;
    byte[] own = Arrays.copyOfRange(input, 1, Math.max(input.length, ownBytes + 1));
    int slotBytes = own.length - ownBytes;
    ByteBuffer file = ByteBuffer.allocate(headBytes + slotBytes);
    file.putLong(IndexCheckpoint.MAGIC).putLong(OWNER).putInt(positionBytes);
    file.put(own, 0, positionBytes).putInt(STRIPES);
    file.put(own, positionBytes, STRIPES * Long.BYTES);
    file.put(headBytes, own, ownBytes, slotBytes);
    int tableAt = file.position() - STRIPES * Long.BYTES;
    int at = headBytes;
    for (int i = 0; i < STRIPES; i++) {
      int count = file.getInt(tableAt + i * Long.BYTES);
      if (count >= 0 && count <= (file.capacity() - at) / Long.BYTES) {
        int checksum = checksum(file.array(), at, count * Long.BYTES);
        file.putInt(tableAt + i * Long.BYTES + Integer.BYTES, checksum);
        at += count * Long.BYTES;
      }
    }
    file.putInt(checksum(file.array(), 0, headBytes - Integer.BYTES));
    return file.array();
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
