package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.codec.Codecs;
import io.kvstore.testing.Configuration;
import io.kvstore.testing.Threads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Consistency of snapshots under load: batches preserve a sum, which snapshots and watches check
 * during compaction.
 */
@Timeout(600)
class SnapshotConcurrencyTest {
  private static final int ACCOUNTS = 24;
  private static final long SUM = ACCOUNTS * 1_000L;
  private static final String FILLER = "x".repeat(300);

  @TempDir Path directory;

  private final AtomicInteger transfers = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private volatile boolean over;

  @ParameterizedTest
  @CsvSource({
    "IN_MEMORY, true", "IN_MEMORY, false", "PROCESS, true", "PROCESS, false",
    "INTERVAL, true", "INTERVAL, false", "SYNC, true", "SYNC, false"
  })
  void everySnapshotKeepsTheSum(Configuration configuration, boolean ordered) throws Exception {
    int calls = configuration == Configuration.SYNC ? 150 : 2_000;
    KvStoreBuilder<Long, Long> builder =
        configuration
            .builder(directory, Codecs.longs(), Codecs.longs())
            .stripes(4)
            .maxSegmentBytes(KvStoreBuilder.MIN_SEGMENT_BYTES);
    if (ordered) {
      builder.ordered();
    }
    try (KvStore<Long, Long> store = builder.open();
        Threads threads = new Threads(() -> over = true)) {
      Batch<Long, Long> first = store.batch();
      for (long i = 0; i < ACCOUNTS; i++) {
        first.put(i, SUM / ACCOUNTS);
      }
      store.write(first);
      Replayed replayed = new Replayed();
      try (Watch watch = store.watch(1, replayed)) {
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          writers.add(threads.start(() -> transferAll(store, calls)));
        }
        for (int i = 0; i < 2; i++) {
          threads.run(() -> lookAll(store, ordered));
        }
        threads.run(() -> compactAll(store));
        for (Future<?> writer : writers) {
          writer.get();
        }
        over = true;
        threads.join();
        while (watch.version() < store.stats().sequence()) {
          assertThat(replayed.failure).isNull();
          Thread.onSpinWait();
        }
        if (!replayed.gap) {
          replayed.values.forEach((key, value) -> assertThat(store.get(key)).isEqualTo(value));
        }
      }
      assertThat(transfers.get()).isPositive();
      assertThat(looks.get()).isPositive();
      try (Snapshot<Long, Long> last = store.snapshot()) {
        checkSum(store, last, ordered);
      }
    }
  }

  private Void transferAll(KvStore<Long, Long> store, int calls) {
    for (int n = 0; n < calls && !over; n++) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      long from = random.nextInt(ACCOUNTS);
      long to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
      Entry<Long, Long> payer = store.entry(from);
      Entry<Long, Long> payee = store.entry(to);
      Batch<Long, Long> batch = store.batch();
      // An account is closed and opened anew now and then: a delete with a put in one batch.
      if (random.nextInt(8) == 0) {
        batch.delete(from);
      }
      batch
          .requireVersion(from, payer.version())
          .requireVersion(to, payee.version())
          .put(from, payer.value() - 1)
          .put(to, payee.value() + 1);
      transfers.addAndGet(store.write(batch).applied() ? 1 : 0);
    }
    return null;
  }

  private void lookAll(KvStore<Long, Long> store, boolean ordered) {
    long lastSequence = 0;
    Snapshot<Long, Long> kept = store.snapshot();
    do {
      try (Snapshot<Long, Long> snapshot = store.snapshot()) {
        assertThat(snapshot.sequence()).isGreaterThanOrEqualTo(lastSequence);
        lastSequence = snapshot.sequence();
        checkSum(store, snapshot, ordered);
        checkSum(store, kept, ordered);
        assertThat(kept.sequence()).isLessThanOrEqualTo(lastSequence);
      }
      if (looks.incrementAndGet() % 5 == 0) {
        kept.close();
        kept = store.snapshot();
      }
    } while (!over);
    kept.close();
  }

  private static void checkSum(
      KvStore<Long, Long> store, Snapshot<Long, Long> snapshot, boolean ordered) {
    assertThat(snapshot.size()).isEqualTo(ACCOUNTS);
    Map<Long, Long> walked = new HashMap<>();
    snapshot.forEach(entry -> assertThat(walked.put(entry.key(), entry.value())).isNull());
    assertThat(sum(walked)).isEqualTo(SUM);
    Map<Long, Long> asked = new HashMap<>();
    for (long i = 0; i < ACCOUNTS; i++) {
      asked.put(i, snapshot.get(i));
    }
    assertThat(asked).isEqualTo(walked);
    Map<Long, Long> scanned = new HashMap<>();
    snapshot
        .scan(KeyRange.all())
        .forEach(
            entry -> {
              assertThat(entry.version()).isLessThanOrEqualTo(snapshot.sequence());
              assertThat(scanned.put(entry.key(), entry.value())).isNull();
            });
    assertThat(scanned).isEqualTo(walked);
    List<Entry<Long, Long>> page = store.page(KeyRange.all(), null, 1_000).entries();
    if (!ordered) {
      // One page of an unordered store is one moment.
      assertThat(page.stream().mapToLong(Entry::value).sum()).isEqualTo(SUM);
    }
    assertThat(page).hasSizeBetween(ordered ? ACCOUNTS - 3 : ACCOUNTS, ACCOUNTS);
  }

  private static long sum(Map<Long, Long> values) {
    return values.values().stream().mapToLong(Long::longValue).sum();
  }

  private void compactAll(KvStore<Long, Long> store) {
    while (!over) {
      store.compact();
    }
  }

  private static final class Replayed implements ChangeListener<Long, Long> {
    final Map<Long, Long> values = new HashMap<>();
    volatile boolean gap;
    volatile Throwable failure;
    private long last;

    private void follows(long version) {
      assertThat(version).isEqualTo(last + 1);
      last = version;
    }

    @Override
    public void onPut(Entry<Long, Long> entry) {
      follows(entry.version());
      values.put(entry.key(), entry.value());
    }

    @Override
    public void onDelete(Long key, long version) {
      follows(version);
      values.remove(key);
    }

    @Override
    public void onGap(long from, long to) {
      follows(from);
      last = to;
      gap = true;
    }

    @Override
    public void onFailure(Throwable cause) {
      failure = cause;
    }
  }

  /** Whoever is slower gets an answer that is right, or is told that the snapshot is closed. */
  @ParameterizedTest
  @CsvSource({"PROCESS, true", "PROCESS, false", "IN_MEMORY, false"})
  void snapshotThatIsClosedMeanwhileNeverAnswersWrongly(
      Configuration configuration, boolean ordered) throws Exception {
    KvStoreBuilder<String, String> builder =
        configuration.strings(directory).stripes(2).maxSegmentBytes(4096);
    if (ordered) {
      builder.ordered();
    }
    try (KvStore<String, String> store = builder.open();
        Threads threads = new Threads(() -> over = true)) {
      for (int i = 0; i < 20; i++) {
        store.put("key" + i, FILLER);
      }
      threads.run(
          () -> {
            for (int n = 0; !over; n++) {
              store.delete("key" + n % 20);
              store.put("key" + n % 20, FILLER);
              if (n % 10 == 0) {
                store.compact();
              }
            }
          });
      for (int round = 0; round < 400 && !over; round++) {
        Snapshot<String, String> snapshot = store.snapshot();
        long size = snapshot.size();
        Future<?> reader = threads.start(() -> readUntilClosed(snapshot, size));
        if (round % 2 == 0) {
          Thread.onSpinWait();
        } else {
          store.put("other", FILLER);
        }
        snapshot.close();
        reader.get();
      }
      over = true;
      threads.join();
    }
  }

  private static Void readUntilClosed(Snapshot<String, String> snapshot, long size) {
    try {
      for (; ; ) {
        int found = 0;
        for (Entry<String, String> entry : snapshot) {
          assertThat(entry.value()).isEqualTo(FILLER);
          found++;
        }
        assertThat(found).isEqualTo((int) size);
        int scanned = 0;
        for (Entry<String, String> entry : snapshot.scan(KeyRange.all())) {
          assertThat(entry.value()).isEqualTo(FILLER);
          scanned++;
        }
        assertThat(scanned).isEqualTo((int) size);
      }
    } catch (ClosedStoreException e) {
      return null;
    }
  }
}
