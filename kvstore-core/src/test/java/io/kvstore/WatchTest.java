package io.kvstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.testing.Configuration;
import io.kvstore.testing.Threads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of {@link KvStore#watch}, on each kind of store. */
class WatchTest {
  private static final long LIMIT_SECONDS = 120;

  /** So far behind, a watch has seconds before what it has yet to read is compacted away. */
  private static final long MAX_LAG = 1_000;

  @TempDir Path directory;

  /** A change as received by a listener; no value for a delete. */
  private record Change(String key, @Nullable String value, long version) {}

  private record Gap(long from, long to) {}

  /** A listener that collects its calls. */
  private static class Collector implements ChangeListener<String, String> {
    final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Gap> gaps = new LinkedBlockingQueue<>();
    final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    @Override
    public void onPut(Entry<String, String> entry) {
      changes.add(new Change(entry.key(), entry.value(), entry.version()));
    }

    @Override
    public void onDelete(String key, long version) {
      changes.add(new Change(key, null, version));
    }

    @Override
    public void onGap(long from, long to) {
      gaps.add(new Gap(from, to));
    }

    @Override
    public void onFailure(Throwable cause) {
      failure.complete(cause);
    }

    Change next() throws InterruptedException {
      return Objects.requireNonNull(changes.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "nothing came");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfChangesFromNow(Configuration configuration) throws Exception {
    Collector told = new Collector();
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      store.put("before", "0");
      Watch watch = store.watch(told);
      store.put("a", "1");
      store.delete("before");
      store.delete("nothing");
      store.put("a", "2");

      assertThat(told.next()).isEqualTo(new Change("a", "1", 2));
      assertThat(told.next()).isEqualTo(new Change("before", null, 3));
      assertThat(told.next()).isEqualTo(new Change("a", "2", 4));
      watch.close();
      assertThat(watch.version()).isEqualTo(4);
      store.put("after", "3");
      watch.close();
      assertThat(told.changes).isEmpty();
      assertThat(told.gaps).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfLargeValuesInPlaceWhereThatIsWanted(Configuration configuration) throws Exception {
    String large = "x".repeat((16 << 10) + 1);
    BlockingQueue<Change> inPlace = new LinkedBlockingQueue<>();
    Collector told =
        new Collector() {
          @Override
          public boolean onLargePut(String key, ValueView value) {
            String text = UTF_8.decode(value.bytes()).toString();
            inPlace.add(new Change(key, text, value.version()));
            return key.equals("taken");
          }
        };
    try (KvStore<String, String> store = configuration.strings(directory).open();
        Watch watch = store.watch(told)) {
      store.put("taken", large);
      store.put("left", large);
      store.put("small", "y");

      assertThat(told.next()).isEqualTo(new Change("left", large, 2));
      assertThat(told.next()).isEqualTo(new Change("small", "y", 3));
      assertThat(inPlace)
          .containsExactly(new Change("taken", large, 1), new Change("left", large, 2));
      assertThat(watch.version()).isGreaterThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfThePastOrOfTheGap(Configuration configuration) throws Exception {
    List<Change> expected = new ArrayList<>();
    KvStoreBuilder<String, String> builder = configuration.strings(directory).maxSegmentBytes(4096);
    KvStore<String, String> store = builder.open();
    for (int i = 1; i <= 400; i++) {
      store.put("key" + i % 7, "-".repeat(i));
      expected.add(new Change("key" + i % 7, "-".repeat(i), i));
      if (configuration.isDurable() && i % 150 == 0) {
        store.close();
        store = builder.open();
      }
    }
    boolean any = false;
    for (int from : new int[] {1, 2, 57, 200, 399, 400}) {
      Collector told = new Collector();
      List<Change> changes = new ArrayList<>();
      try (Watch watch = store.watch(from, told)) {
        do {
          changes.add(told.next());
        } while (changes.get(changes.size() - 1).version() < 400);
        assertThat(watch.version()).isBetween(399L, 400L);
      }
      any |= changes.size() > 1;
      assertThat(told.changes).isEmpty();
      assertAllOrGap(told, changes, expected.subList(from - 1, 400));
    }
    assertThat(any).isTrue();
    store.close();
  }

  /** Each change was told of once and in order, or is in a gap that was told of. */
  private static void assertAllOrGap(Collector told, List<Change> changes, List<Change> expected) {
    List<Change> rest = new ArrayList<>(expected);
    for (Gap gap : told.gaps) {
      assertThat(gap.from()).isLessThanOrEqualTo(gap.to());
      assertThat(rest.removeIf(c -> c.version() >= gap.from() && c.version() <= gap.to())).isTrue();
    }
    assertThat(changes).isEqualTo(rest);
  }

  @ParameterizedTest
  @EnumSource
  void gapAtTheEndIsToldOfAtOnce(Configuration configuration) throws Exception {
    try (KvStore<String, String> store =
        configuration.strings(directory).maxSegmentBytes(4096).open()) {
      for (int i = 1; i <= 100; i++) {
        store.put("key", "-".repeat(100));
      }
      store.compact();
      Collector told = new Collector();
      try (Watch watch = store.watch(1, told)) {
        assertThat(told.gaps.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(new Gap(1, 100));
        assertThat(watch.version()).isBetween(0L, 100L);
        store.put("key", "next");
        assertThat(told.next()).isEqualTo(new Change("key", "next", 101));
      }
      assertThat(told.gaps).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void changeThatIsToldOfIsShownAlready(Configuration configuration) throws Exception {
    int changes = configuration == Configuration.SYNC ? 300 : 20_000;
    try (KvStore<String, String> store = configuration.strings(directory).open();
        Threads threads = new Threads()) {
      Map<String, Long> told = new HashMap<>();
      CountDownLatch all = new CountDownLatch(2 * changes);
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Watch watch =
          store.watch(
              new ChangeListener<>() {
                private long last;

                @Override
                public void onPut(Entry<String, String> entry) {
                  assertThat(entry.version()).isEqualTo(++last);
                  ValueView shown = Objects.requireNonNull(store.view(entry.key()));
                  assertThat(shown.version()).isGreaterThanOrEqualTo(entry.version());
                  told.put(entry.key(), entry.version());
                  all.countDown();
                }

                @Override
                public void onDelete(String key, long version) {
                  throw new AssertionError("nobody deletes");
                }

                @Override
                public void onGap(long from, long to) {
                  throw new AssertionError("no gap");
                }

                @Override
                public void onFailure(Throwable cause) {
                  failure.complete(cause);
                }
              });
      for (int writer = 0; writer < 2; writer++) {
        int seed = writer;
        threads.run(
            () -> {
              Random random = new Random(seed);
              for (int i = 0; i < changes; i++) {
                store.put("key" + random.nextInt(50), "value");
                while (i % 100 == 0 && store.stats().sequence() - watch.version() > MAX_LAG) {
                  assertThat(failure).isNotDone();
                  Thread.onSpinWait();
                }
              }
            });
      }
      threads.join();

      assertThat(all.await(LIMIT_SECONDS, TimeUnit.SECONDS))
          .as("%s", failure.getNow(null))
          .isTrue();
      for (Entry<String, String> entry : store) {
        assertThat(told).containsEntry(entry.key(), entry.version());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void listenerThatThrowsEndsItsWatchOnly(Configuration configuration) throws Exception {
    Collector told = new Collector();
    Collector throwing =
        new Collector() {
          @Override
          public void onPut(Entry<String, String> entry) {
            throw new IllegalStateException("thrown by a test");
          }
        };
    try (KvStore<String, String> store = configuration.strings(directory).open();
        Watch failed = store.watch(throwing);
        Watch watch = store.watch(told)) {
      store.put("a", "1");
      assertThat(throwing.failure.get(LIMIT_SECONDS, TimeUnit.SECONDS))
          .hasMessage("thrown by a test");
      store.put("a", "2");
      assertThat(told.next().version()).isEqualTo(1);
      assertThat(told.next().version()).isEqualTo(2);
      assertThat(failed.version()).isZero();
      assertThat(watch.version()).isBetween(1L, 2L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void listenerMayWriteAndCloseItsWatch(Configuration configuration) throws Exception {
    try (KvStore<String, String> store = configuration.strings(directory).open()) {
      CompletableFuture<Watch> watch = new CompletableFuture<>();
      CompletableFuture<Long> closed = new CompletableFuture<>();
      watch.complete(
          store.watch(
              new Collector() {
                @Override
                public void onPut(Entry<String, String> entry) {
                  if (entry.version() < 10) {
                    store.put("more", "value");
                  } else {
                    watch.join().close();
                    closed.complete(entry.version());
                  }
                }
              }));
      store.put("first", "value");

      assertThat(closed.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @EnumSource
  void badArgumentsAreRefused(Configuration configuration) {
    KvStore<String, String> store = configuration.strings(directory).open();
    assertThatThrownBy(() -> store.watch(0, new Collector()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from is 0");
    assertThatThrownBy(() -> store.watch(1, null)).isInstanceOf(NullPointerException.class);
    store.close();
    assertThatThrownBy(() -> store.watch(new Collector())).isInstanceOf(ClosedStoreException.class);
  }
}
