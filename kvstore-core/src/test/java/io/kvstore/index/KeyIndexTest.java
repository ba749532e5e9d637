package io.kvstore.index;

import static io.kvstore.index.IndexedRecords.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.record.Location;
import io.kvstore.segment.RecordView;
import io.kvstore.testing.Threads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
  private final IndexedRecords records = new IndexedRecords();
  private final KeyIndex index = new KeyIndex(records.segments);

  private void put(long hash, String key, String value) {
    index.ensureRoom(1);
    IndexedRecords.put(index, hash, bytes(key), records.put(key, value));
  }

  private String get(long hash, String key) {
    RecordView record = index.find(hash, bytes(key));
    return record == null ? null : new String(record.value(), UTF_8);
  }

  private static long hash(String key) {
    return key.hashCode() * 0x9E3779B97F4A7C15L;
  }

  /** Returns a hash with a tag. */
  private static long withTag(long tag) {
    return tag << Location.BITS | 12_345;
  }

  @Test
  void growingKeepsEveryEntry() {
    long before = index.heapBytes();
    for (int i = 0; i < 20_000; i++) {
      put(hash("key" + i), "key" + i, "value" + i);
    }

    assertThat(index.entries()).isEqualTo(20_000);
    assertThat(index.heapBytes()).isGreaterThan(20_000 * 8).isGreaterThan(before);
    for (int i = 0; i < 20_000; i++) {
      assertThat(get(hash("key" + i), "key" + i)).isEqualTo("value" + i);
    }
    assertThat(get(hash("missing"), "missing")).isNull();
  }

  @Test
  void slotsOfRemovedEntriesAreUsedAgain() {
    for (int i = 0; i < 100_000; i++) {
      put(hash("key" + i), "key" + i, "value");
      if (i >= 5) {
        assertThat(IndexedRecords.remove(index, hash("key" + (i - 5)), bytes("key" + (i - 5))))
            .isNotZero();
      }
    }

    assertThat(index.entries()).isEqualTo(5);
    assertThat(index.heapBytes()).isLessThanOrEqualTo(64 * 8);
  }

  @Test
  void keysWithOneTagAreToldApart() {
    long hash = withTag(77);
    for (int i = 0; i < 500; i++) {
      put(hash, "key" + i, "value" + i);
    }
    for (int i = 0; i < 500; i += 2) {
      assertThat(IndexedRecords.remove(index, hash, bytes("key" + i))).isNotZero();
      assertThat(IndexedRecords.remove(index, hash, bytes("key" + i))).isZero();
    }

    for (int i = 0; i < 500; i++) {
      assertThat(get(hash, "key" + i)).isEqualTo(i % 2 == 0 ? null : "value" + i);
    }
    assertThat(IndexScan.records(index, 77, 78)).hasSize(250);
    assertThat(IndexScan.records(index, 0, 77)).isEmpty();
    assertThat(IndexScan.records(index, 78, Slot.TAGS)).isEmpty();
  }

  @Test
  void searchGoesOnAtTheStartOfTheArray() {
    long last = withTag(Slot.TAGS - 1);
    for (int i = 0; i < 6; i++) {
      put(last, "key" + i, "value" + i);
    }
    put(withTag(0), "first", "value");

    for (int i = 0; i < 6; i++) {
      assertThat(get(last, "key" + i)).isEqualTo("value" + i);
    }
    assertThat(get(withTag(0), "first")).isEqualTo("value");
    assertThat(IndexScan.records(index, Slot.TAGS - 1, Slot.TAGS)).hasSize(6);
    assertThat(IndexScan.records(index, 0, 1)).hasSize(1);
    assertThat(IndexScan.records(index, 0, Slot.TAGS)).hasSize(7).doesNotHaveDuplicates();
  }

  @Test
  void doesWhatAMapDoesWithGoodHashes() {
    compareWithMap(KeyIndexTest::hash, 1);
  }

  @Test
  void doesWhatAMapDoesWithFewTags() {
    compareWithMap(key -> withTag(key.hashCode() & 3), 2);
    compareWithMap(key -> withTag(Slot.TAGS - 1 - (key.hashCode() & 1)), 3);
    compareWithMap(key -> 0, 4);
    compareWithMap(key -> -1, 5);
  }

  private void compareWithMap(ToLongFunction<String> hashes, long seed) {
    Random random = new Random(seed);
    KeyIndex index = new KeyIndex(records.segments);
    Map<String, Long> map = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      // The number of keys swells and shrinks.
      String key = "key" + random.nextInt(10 + 190 * (i / 5_000 % 2));
      long hash = hashes.applyAsLong(key);
      if (random.nextInt(5) < 2) {
        boolean removed = IndexedRecords.remove(index, hash, bytes(key)) != Slot.EMPTY;
        assertThat(removed).as("seed %s, %s", seed, i).isEqualTo(map.remove(key) != null);
      } else {
        long location = records.put(key, "");
        index.ensureRoom(1);
        boolean replaced = IndexedRecords.put(index, hash, bytes(key), location) != Slot.EMPTY;
        assertThat(replaced)
            .as("seed %s, %s", seed, i)
            .isEqualTo(map.put(key, records.segments.at(location).sequence()) != null);
      }
      assertThat(index.entries()).isEqualTo(map.size());
      if (i % 500 == 0) {
        assertThat(scan(index, random)).containsExactlyInAnyOrderElementsOf(map.values());
      }
    }
  }

  /** Collects the sequences of all records, a random stretch of tags at a time. */
  private static List<Long> scan(KeyIndex index, Random random) {
    List<Long> found = new ArrayList<>();
    for (int from = 0; from < Slot.TAGS; ) {
      int step = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1 + random.nextInt(1 << 23);
      int to = Math.min(Slot.TAGS, from + step);
      for (RecordView record : IndexScan.records(index, from, to)) {
        found.add(record.sequence());
      }
      from = to;
    }
    return found;
  }

  @Test
  void scanFindsWhatStaysExactlyOnceWhileTheArrayGrows() throws Exception {
    Set<Long> stays = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      long location = records.put("stays" + i, "");
      index.ensureRoom(1);
      IndexedRecords.put(index, hash("stays" + i), bytes("stays" + i), location);
      stays.add(records.segments.at(location).sequence());
    }
    try (Threads threads = new Threads()) {
      threads.run(
          () -> {
            for (int i = 0; i < 60_000; i++) {
              put(hash("comes" + i), "comes" + i, "");
              String gone = "comes" + (i - 20);
              IndexedRecords.remove(index, hash(gone), i % 3 == 0 ? bytes(gone) : bytes("nothing"));
            }
          });
      threads.run(
          () -> {
            Random random = new Random(1);
            for (int n = 0; n < 40; n++) {
              List<Long> found = scan(index, random);
              assertThat(found).doesNotHaveDuplicates();
              assertThat(found.containsAll(stays)).isTrue();
            }
          });
      threads.join();
    }
  }
}
