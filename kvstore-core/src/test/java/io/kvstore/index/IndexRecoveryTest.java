package io.kvstore.index;

import static io.kvstore.index.IndexedRecords.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.record.LogRecord;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.ScannedRecords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexRecoveryTest {
  private static final int STRIPES = 4;

  private final IndexedRecords records = new IndexedRecords();
  private final KeyHash keyHash = new KeyHash(1, 2);
  private final IndexRecovery recovery =
      new IndexRecovery(records.segments, keyHash, STRIPES, null);
  private final List<ScannedRecord> changes = new ArrayList<>();

  private void put(String key, String value) {
    change(LogRecord.put(bytes(key), bytes(value)));
  }

  private void delete(String key) {
    change(LogRecord.tombstone(bytes(key)));
  }

  private void change(LogRecord record) {
    records.log.append(record);
    changes.add(ScannedRecords.of(record));
  }

  private Map<String, String> recover(List<ScannedRecord> order) {
    recovery.reset();
    RecordVisitor visitor = recovery.visitor();
    order.forEach(visitor::visit);
    visitor.finish();
    recovery.finish();
    Map<String, String> found = new HashMap<>();
    for (KeyIndex index : recovery.indexes()) {
      for (RecordView record : IndexScan.records(index, 0, Slot.TAGS)) {
        assertThat(found.put(text(record.key()), text(record.value()))).isNull();
      }
    }
    long entries = 0;
    for (KeyIndex index : recovery.indexes()) {
      entries += index.entries();
    }
    assertThat(entries).isEqualTo(found.size());
    return found;
  }

  @Test
  void laterPutsWinAndTombstonesHideOlderPutsInAnyOrder() {
    put("a", "1");
    put("b", "1");
    delete("a");
    put("b", "2");
    put("c", "1");
    delete("c");
    put("c", "2");
    delete("never");

    for (int i = 0; i < 500; i++) {
      Collections.shuffle(changes, new Random(i));

      assertThat(recover(changes)).as("order %s", i).isEqualTo(Map.of("b", "2", "c", "2"));
    }
  }

  @Test
  void anyOrderGivesWhatTheOrderOfTheLogGives() {
    Random random = new Random(1);
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      String key = "key" + random.nextInt(500);
      if (random.nextInt(3) == 0) {
        delete(key);
        expected.remove(key);
      } else {
        put(key, "value" + i);
        expected.put(key, "value" + i);
      }
    }

    assertThat(recover(changes)).isEqualTo(expected);
    Collections.reverse(changes);
    assertThat(recover(changes)).isEqualTo(expected);
    for (int i = 0; i < 10; i++) {
      Collections.shuffle(changes, random);
      assertThat(recover(changes)).isEqualTo(expected);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
