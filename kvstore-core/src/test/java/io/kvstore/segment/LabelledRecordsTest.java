package io.kvstore.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.StoreVerifier;
import io.kvstore.VerifyReport;
import io.kvstore.codec.Codecs;
import io.kvstore.record.RecordFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records with labels, whose length is at the end of the record: a reader that reads a file in
 * pieces has the header of a record before the length of the label.
 */
class LabelledRecordsTest {
  private static final String LABEL = "text/plain";

  /** More than a reader takes in at once. */
  private static final int BYTES = 700_000;

  @TempDir Path directory;

  private KvStore<String, String> open() {
    return KvStore.builder(Codecs.string(), Codecs.string())
        .directory(directory)
        .durability(Durability.PROCESS)
        .open();
  }

  private Path segment() {
    return directory.resolve("0000000001.segment");
  }

  private static void put(KvStore<String, String> store, String key, int length) {
    store.write(store.batch().put(key, "v".repeat(length), PutOptions.NONE.label(LABEL)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 1001, 60_003, 262_080, 262_100, 262_144, 300_000})
  void scanFindsThemWhereverTheyLie(int length) throws IOException {
    int count = Math.min(1000, BYTES / length);
    try (KvStore<String, String> store = open()) {
      for (int i = 0; i < count; i++) {
        put(store, "key" + i, length + i % 8);
      }
    }
    Files.delete(directory.resolve("index"));

    VerifyReport report = StoreVerifier.verify(directory, null);
    assertThat(report.isWhole()).as("%s", report).isTrue();
    assertThat(report.puts()).isEqualTo(count);
    try (KvStore<String, String> store = open()) {
      assertThat(store.size()).isEqualTo(count);
      assertThat(store.stats().cutBytes()).isZero();
      assertThat(store.entry("key" + (count - 1)).label()).isEqualTo(LABEL);
    }
  }

  @Test
  void lostHeaderIsProvenByThem() throws IOException {
    try (KvStore<String, String> store = open()) {
      put(store, "a", 100);
      put(store, "b", 100);
    }
    Files.delete(directory.resolve("index"));
    try (RandomAccessFile file = new RandomAccessFile(segment().toFile(), "rw")) {
      file.write(new byte[Segment.HEADER_BYTES]);
    }

    VerifyReport report = StoreVerifier.verify(directory, null);

    assertThat(report.puts()).isEqualTo(2);
    assertThat(report.damage()).anyMatch(damage -> damage.what().contains("its records prove"));
  }

  @Test
  void recordWithADamagedChecksumIsKnownByItsBytes() throws IOException {
    try (KvStore<String, String> store = open()) {
      put(store, "a", 100);
    }
    try (FileChannel channel = channel()) {
      int at = Segment.HEADER_BYTES;
      int secret = header(channel).secret();
      RecordFingerprint trace =
          RecordFingerprint.of(RecordFingerprint.read(channel, 0, 2 * at), at);
      channel.write(ByteBuffer.allocate(Integer.BYTES), at);

      assertThat(trace.isIn(channel, secret)).isTrue();
      channel.write(ByteBuffer.wrap(new byte[] {'w'}), at + RecordFormat.HEADER_BYTES + 1);
      assertThat(trace.isIn(channel, secret)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 300_000})
  void recordWhoseLabelDoesNotFitIsNotWhole(int length) throws IOException {
    try (KvStore<String, String> store = open()) {
      put(store, "a", length);
    }
    try (FileChannel channel = channel()) {
      assertThat(isWhole(channel)).isTrue();
      setLabelLength(channel, 0);
      assertThat(isWhole(channel)).isFalse();
      setLabelLength(channel, 1);
      assertThat(isWhole(channel)).isTrue();
    }
  }

  private FileChannel channel() throws IOException {
    return FileChannel.open(segment(), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static SegmentHeader header(FileChannel channel) throws IOException {
    SegmentHeader header =
        SegmentHeader.parse(RecordFingerprint.read(channel, 0, Segment.HEADER_BYTES));
    assertThat(header).isNotNull();
    return header;
  }

  private static boolean isWhole(FileChannel channel) throws IOException {
    SegmentScanner scanner = new SegmentScanner(new LongAdder());
    scanner.use(channel, header(channel));
    return scanner.isWhole(Segment.HEADER_BYTES);
  }

  /** Writes a length for the label of the first record, with the checksum that goes with it. */
  private static void setLabelLength(FileChannel channel, int length) throws IOException {
    int at = Segment.HEADER_BYTES;
    ByteBuffer start = RecordFingerprint.read(channel, at, RecordFormat.HEADER_BYTES);
    ByteBuffer record = RecordFingerprint.read(channel, at, RecordFormat.size(start, 0));
    record.put(RecordFormat.labelLengthOffset(record, 0), (byte) length);
    CRC32C crc = new CRC32C();
    crc.update(record.duplicate().position(RecordFormat.CHECKED_FROM));
    RecordFormat.writeChecksum(record, 0, (int) crc.getValue() ^ header(channel).secret());
    channel.write(record.order(ByteOrder.LITTLE_ENDIAN), at);
  }
}
