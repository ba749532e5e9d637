package io.kvstore.engine;

import static io.kvstore.index.IndexedRecords.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.KvStoreException;
import io.kvstore.index.IndexRecovery;
import io.kvstore.index.IndexScan;
import io.kvstore.index.IndexedRecords;
import io.kvstore.index.KeyHash;
import io.kvstore.index.KeyIndex;
import io.kvstore.index.Slot;
import io.kvstore.index.SlotTable;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.record.Change;
import io.kvstore.record.LogRecord;
import io.kvstore.segment.RecordView;
import io.kvstore.segment.RecordVisitor;
import io.kvstore.segment.ScannedRecord;
import io.kvstore.segment.ScannedRecords;
import io.kvstore.stripe.BatchWrite;
import io.kvstore.stripe.Condition;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.OpenSnapshots;
import io.kvstore.stripe.Stripe;
import io.kvstore.stripe.Stripes;
import io.kvstore.testing.ManualClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stripe that has as many entries as it may: only what adds one is refused. */
class FullStripeTest {
  private static final int SLOTS = 62;
  private static final int ENTRIES = SlotTable.capacity(SLOTS);

  private final IndexedRecords records = new IndexedRecords();
  private final KeyHash keyHash = new KeyHash(1, 2);

  private Stripes stripes(boolean publishesLater) {
    Expiry expiry = new Expiry(new ManualClock());
    Stripe.Shared shared =
        new Stripe.Shared(
            records.log, EventDispatcher.NONE, expiry, new OpenSnapshots(), null, publishesLater);
    KeyIndex index = new KeyIndex(records.segments, SLOTS);
    return new Stripes(keyHash, new KeyIndex[] {index}, shared);
  }

  private static void put(Stripes stripes, String key) {
    stripes.put(bytes(key), bytes("value"));
  }

  private static boolean delete(Stripes stripes, String key) {
    return stripes.write(Change.delete(bytes(key)), Condition.PRESENT).isWritten();
  }

  private static Stripes full(Stripes stripes) {
    for (int i = 0; i < ENTRIES; i++) {
      put(stripes, "key" + i);
    }
    return stripes;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void overwritesAndDeletesAreTaken(boolean publishesLater) {
    Stripes stripes = full(stripes(publishesLater));
    long before = records.log.sequence();

    assertThatThrownBy(() -> put(stripes, "one more"))
        .isInstanceOf(KvStoreException.class)
        .hasMessageContaining("more than " + ENTRIES + " entries");
    assertThat(records.log.sequence()).isEqualTo(before);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < ENTRIES; i++) {
        put(stripes, "key" + i);
      }
    }
    assertThat(delete(stripes, "key7")).isTrue();
    if (!publishesLater) {
      put(stripes, "one more");
      assertThat(stripes.size()).isEqualTo(ENTRIES);
    }
  }

  @Test
  void batchIsRefusedAsAWholeIfItAddsTooMany() {
    Stripes stripes = stripes(false);
    for (int i = 0; i < ENTRIES - 1; i++) {
      put(stripes, "key" + i);
    }

    assertThatThrownBy(() -> stripes.write(batch("key1", "new", "newer")))
        .isInstanceOf(KvStoreException.class);
    assertThat(stripes.size()).isEqualTo(ENTRIES - 1);
    assertThat(stripes.write(batch("key1", "new", "new", "key2")).result().applied()).isTrue();
    assertThat(stripes.size()).isEqualTo(ENTRIES);
  }

  private static BatchWrite.Encoded batch(String... keys) {
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      changes.add(Change.put(bytes(key), bytes("value")));
    }
    return new BatchWrite.Encoded(List.of(), changes);
  }

  @Test
  void whatWasWrittenIsRecoveredHoweverMuchOfItIsStale() {
    List<ScannedRecord> changes = new ArrayList<>();
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 20 * ENTRIES; i++) {
      change(changes, LogRecord.put(bytes("gone" + i), bytes("value")));
      change(changes, LogRecord.tombstone(bytes("gone" + i)));
    }
    for (int i = 0; i < 3 * ENTRIES; i++) {
      change(changes, LogRecord.put(bytes("key" + i % ENTRIES), bytes("value" + i)));
      expected.put("key" + i % ENTRIES, "value" + i);
    }
    IndexRecovery recovery =
        new IndexRecovery(records.segments, keyHash, new IndexRecovery.Size(1, SLOTS), null);

    RecordVisitor visitor = recovery.visitor();
    changes.forEach(visitor::visit);
    visitor.finish();
    recovery.finish();

    KeyIndex index = recovery.indexes()[0];
    assertThat(index.entries()).isEqualTo(ENTRIES);
    assertThat(index.slots()).isEqualTo(SLOTS);
    Map<String, String> found = new HashMap<>();
    for (RecordView record : IndexScan.records(index, 0, Slot.TAGS)) {
      found.put(new String(record.key(), UTF_8), new String(record.value(), UTF_8));
    }
    assertThat(found).isEqualTo(expected);
  }

  private void change(List<ScannedRecord> changes, LogRecord record) {
    records.log.append(record);
    changes.add(ScannedRecords.of(record));
  }
}
