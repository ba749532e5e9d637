package io.kvstore.recovery;

import io.kvstore.CorruptStoreException;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.log.RecoveredLog;
import io.kvstore.log.WriterTags;
import io.kvstore.platform.Storage;
import io.kvstore.platform.TextChecksum;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.ScratchFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Fuzz target: any segments are recovered, and are found as they were left when they are recovered
 * again, or are refused and stay as they are.
 *
 * <p>An input is one byte of flags, two of lengths, two of sequences, and what stands behind the
 * headers of two segments of the log and a compacted one.
 */
public final class RecoveryFuzz {
  private static final ScratchFiles FILES = ScratchFiles.create();
  private static final Storage STORAGE = FaultyStorage.withoutSyncs();
  private static final int CAPACITY = 4096;
  private static final int SECRET = 0x12345678;
  private static final int FLAGGED = 5;

  /** So many runs leave some thousand mappings behind, which only a collection gives back. */
  private static final int RUNS_BETWEEN_COLLECTIONS = 2_000;

  private static final int RAW = 1;
  private static final int FIRST = 2;
  private static final int SECOND = 4;
  private static final int COMPACTED = 8;
  private static final int LIST = 16;
  private static final int LISTS_FIRST = 32;
  private static final int SHORT = 64;

  private static int runs;

  private RecoveryFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < FLAGGED) {
      return;
    }
    if (++runs % RUNS_BETWEEN_COLLECTIONS == 0) {
      System.gc();
    }
    Map<String, byte[]> files = files(input);
    FILES.clear();
    files.forEach(FILES::write);
    Found first;
    try {
      first = recover();
    } catch (CorruptStoreException e) {
      files.forEach(RecoveryFuzz::requireUnchanged);
      return;
    }
    Found second = recover();
    if (!second.equals(new Found(first.changes(), first.sequence(), 0))) {
      throw new AssertionError(first + " is recovered as " + second);
    }
  }

  private static void requireUnchanged(String name, byte[] bytes) {
    if (!FILES.has(name, bytes)) {
      throw new AssertionError(name + " was changed, though the store was refused");
    }
  }

  // ---- the files

  private static Map<String, byte[]> files(byte[] input) {
    int flags = input[0];
    int first = Math.min(8 * (input[1] & 0xFF), input.length - FLAGGED);
    int second = Math.min(8 * (input[2] & 0xFF), input.length - FLAGGED - first);
    int secondAt = FLAGGED + first;
    int thirdAt = secondAt + second;
    Map<String, byte[]> files = new TreeMap<>();
    if ((flags & FIRST) != 0) {
      files.put("0000000001.segment", segment(1, 0, flags, Arrays.copyOfRange(input, 5, secondAt)));
    }
    if ((flags & SECOND) != 0) {
      byte[] content = Arrays.copyOfRange(input, secondAt, thirdAt);
      files.put("0000000002.segment", segment(2, 0, flags, content));
    }
    if ((flags & COMPACTED) != 0) {
      byte[] content = Arrays.copyOfRange(input, thirdAt, input.length);
      files.put("0000000001.compacted", segment(1, 1, flags, content));
    }
    if ((flags & LIST) != 0) {
      String body =
          "kvstore segments\nthrough 1\nbefore %d\nsynced %d\nlog%s\ncompacted%s\n"
              .formatted(
                  input[3] & 0xFF,
                  input[4] & 0xFF,
                  (flags & LISTS_FIRST) == 0 ? "" : " 1",
                  (flags & COMPACTED) == 0 ? "" : " 1");
      String text = body + "checksum " + TextChecksum.of(body) + "\n";
      files.put(SegmentList.FILE, text.getBytes(StandardCharsets.US_ASCII));
    }
    return files;
  }

  private static byte[] segment(long id, int kind, int flags, byte[] content) {
    boolean full = (flags & SHORT) == 0;
    int length = Math.min(Segment.HEADER_BYTES + content.length, CAPACITY);
    byte[] bytes = new byte[full ? CAPACITY : length];
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new SegmentHeader(id, CAPACITY, SECRET, kind).toBytes());
    file.put(content, 0, length - Segment.HEADER_BYTES);
    if ((flags & RAW) == 0) {
      writeChecksums(file, length);
    }
    return bytes;
  }

  /** Makes the bytes whole records for as long as their lengths are those of some. */
  private static void writeChecksums(ByteBuffer file, int end) {
    int at = Segment.HEADER_BYTES;
    while (at + RecordFormat.HEADER_BYTES <= end
        && RecordFormat.isPlausible(file, at, file.capacity() - at)) {
      int size = RecordFormat.size(file, at);
      CRC32C crc = new CRC32C();
      crc.update(file.slice(at + RecordFormat.CHECKED_FROM, size - RecordFormat.CHECKED_FROM));
      RecordFormat.writeChecksum(file, at, (int) crc.getValue() ^ SECRET);
      at += size;
    }
  }

  // ---- what is found

  private record Found(Map<String, Long> changes, long sequence, long cutBytes) {}

  private static Found recover() {
    LatestChanges latest = new LatestChanges(null, false);
    try {
      SegmentFiles files = new SegmentFiles(FILES.directory(), STORAGE, false);
      RecoveredLog log =
          new Recovery(files, latest, new RecoveryProgress(), WriterTags.NONE)
              .run(new SegmentTable());
      return new Found(latest.changes(), log.sequence(), log.cutBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
