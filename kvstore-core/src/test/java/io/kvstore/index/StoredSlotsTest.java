package io.kvstore.index;

import static io.kvstore.index.IndexedRecords.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.CorruptStoreException;
import io.kvstore.platform.LongList;
import io.kvstore.record.Location;
import io.kvstore.segment.RecordView;
import io.kvstore.testing.Threads;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredSlotsTest {
  private static final int KEYS = 20_000; // more than a chunk has
  private static final int THREADS = 8;

  private final IndexedRecords records = new IndexedRecords();
  private final KeyIndex index = new KeyIndex(records.segments);
  private ByteBuffer stored = ByteBuffer.allocate(0);

  @BeforeEach
  void storeAnIndex() {
    KeyIndex original = new KeyIndex(records.segments);
    for (int i = 0; i < KEYS; i++) {
      original.ensureRoom(1);
      IndexedRecords.put(original, hash(i), bytes("key" + i), records.put("key" + i, "value" + i));
    }
    LongList slots = new LongList();
    original.addSlots(0, Slot.TAGS, slots);
    stored = ByteBuffer.allocate(slots.size() * Long.BYTES);
    for (int i = 0; i < slots.size(); i++) {
      stored.putLong(slots.get(i));
    }
    stored.flip();
    index.restoreLater(
        new StoredSlots(Path.of("index"), 100, KEYS, IndexCheckpoint.checksum(stored), stored));
  }

  private static long hash(int key) {
    return key * 0x9E3779B97F4A7C15L;
  }

  private String get(int key) {
    RecordView record = index.find(hash(key), bytes("key" + key));
    return record == null ? null : new String(record.value(), UTF_8);
  }

  @Test
  void entriesAreCountedBeforeTheyAreLoaded() {
    assertThat(index.entries()).isEqualTo(KEYS);
  }

  @Test
  void whoeverNeedsSlotsFirstLoadsThem() {
    assertThat(get(17)).isEqualTo("value17");
    assertThat(get(KEYS)).isNull();
    assertThat(IndexScan.records(index, 0, Slot.TAGS)).hasSize(KEYS);
  }

  @Test
  void aChangeFindsWhatWasStored() {
    assertThat(index.hasRoom(1)).isTrue();
    assertThat(IndexedRecords.put(index, hash(3), bytes("key3"), records.put("key3", "new")))
        .isNotZero();
    assertThat(IndexedRecords.remove(index, hash(4), bytes("key4"))).isNotZero();
    index.load();

    assertThat(get(3)).isEqualTo("new");
    assertThat(get(4)).isNull();
    assertThat(index.entries()).isEqualTo(KEYS - 1);
  }

  @Test
  void indexGoesOnGrowing() {
    for (int i = KEYS; i < 3 * KEYS; i++) {
      index.ensureRoom(1);
      IndexedRecords.put(index, hash(i), bytes("key" + i), records.put("key" + i, "value" + i));
    }

    for (int i = 0; i < 3 * KEYS; i++) {
      assertThat(get(i)).isEqualTo("value" + i);
    }
  }

  @Test
  void manyThreadsMayNeedThemAtOnce() throws Exception {
    try (Threads threads = new Threads()) {
      for (int t = 0; t < THREADS; t++) {
        int first = t;
        threads.start(
            () -> {
              for (int i = first; i < KEYS; i += THREADS) {
                assertThat(get(i)).isEqualTo("value" + i);
              }
              return null;
            });
      }
      threads.join();
    }
  }

  @Test
  void whatIsNotWhatWasWrittenIsRefusedEachTime() {
    stored.put(KEYS * Long.BYTES / 2, (byte) ~stored.get(KEYS * Long.BYTES / 2));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> get(17))
          .isInstanceOf(CorruptStoreException.class)
          .hasMessageContaining("index is damaged at offset 100");
    }
  }

  @Test
  void slotsWithLocationsThatAreNotGoodAnymoreAreLeftOut() {
    KeyIndex some = new KeyIndex(records.segments);
    LongList all = new LongList();
    index.addSlots(0, Slot.TAGS, all);
    long gone = Slot.location(all.get(5));
    StoredSlots slots =
        new StoredSlots(Path.of("index"), 100, KEYS, IndexCheckpoint.checksum(stored), stored);

    IndexBuilder builder = new IndexBuilder(records.segments, some);
    builder.restore(slots, location -> location != gone);
    builder.finish();

    assertThat(some.entries()).isEqualTo(KEYS - 1);
    assertThat(some.pointsAt(Slot.tag(all.get(5)) << Location.BITS, gone)).isFalse();
    assertThat(IndexScan.records(some, 0, Slot.TAGS)).hasSize(KEYS - 1);
  }
}
