package io.kvstore.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.StoreVerifier;
import io.kvstore.codec.Codecs;
import io.kvstore.log.Log;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.record.Change;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentHeader;
import io.kvstore.segment.SegmentTable;
import io.kvstore.testing.Warnings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that says that more of it follows, and a whole record of none of its own that does. */
class ShortBatchTest {
  @TempDir Path directory;

  private KvStore<String, String> open() {
    return KvStore.builder(Codecs.string(), Codecs.string())
        .directory(directory)
        .durability(Durability.PROCESS)
        .open();
  }

  @Test
  void recordIsAppendedOnce() {
    Log log =
        LogOpening.inMemory(new SegmentTable(), 1 << 20, Long.MAX_VALUE, EventDispatcher.NONE)
            .log();
    LogRecord record = LogRecord.put(new byte[1], new byte[1]);
    log.append(record);

    assertThatThrownBy(() -> log.append(record)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> log.append(List.of(LogRecord.tombstone(new byte[1]), record)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(log.sequence()).isEqualTo(1);
  }

  @Test
  void attemptAfterAFailedOneHasNothingOfIt() {
    Change put = Change.put(new byte[1], new byte[1]);
    LogRecord first = put.newRecord();
    first.claim();
    first.setMore();

    assertThat(put.newRecord().hasMore()).isFalse();
  }

  @Test
  void whatThereIsOfItCounts() throws IOException {
    try (KvStore<String, String> store = open()) {
      store.put("a", "1");
      store.put("b", "2");
    }
    sayThatMoreFollowsTheLastChange();
    Files.delete(directory.resolve("index"));

    assertThat(StoreVerifier.verify(directory, null).isWhole()).isTrue();
    try (Warnings warnings = Warnings.collect();
        KvStore<String, String> store = open()) {
      assertThat(store.get("a")).isEqualTo("1");
      assertThat(store.get("b")).isEqualTo("2");
      assertThat(store.stats().cutBytes()).isZero();
      assertThat(warnings.all()).anyMatch(m -> m.contains("none of its own"));
    }
  }

  private void sayThatMoreFollowsTheLastChange() throws IOException {
    Path file = directory.resolve("0000000001.segment");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int secret = SegmentHeader.parse(bytes).secret();
    int last = 0;
    int at = Segment.HEADER_BYTES;
    while (RecordFormat.isPlausible(bytes, at, (long) bytes.capacity() - at)) {
      last = RecordFormat.isChange(bytes, at) ? at : last;
      at += RecordFormat.size(bytes, at);
    }
    bytes.put(last + 19, RecordFormat.MORE);
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), last + 4, RecordFormat.size(bytes, last) - 4);
    bytes.putInt(last, (int) crc.getValue() ^ secret);
    Files.write(file, bytes.array());
  }
}
