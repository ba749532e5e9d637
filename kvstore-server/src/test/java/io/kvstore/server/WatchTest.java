package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.ChangeListener;
import io.kvstore.PutOptions;
import io.kvstore.Watch;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.StreamLimits;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.EventClient;
import io.kvstore.server.testing.EventClient.Event;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The change feed: {@code GET /?watch}. */
class WatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration OFTEN = Duration.ofMillis(20);

  private final WatchedStore store = new WatchedStore();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(store);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void changesAreReportedInOrder() throws IOException {
    try (EventClient events = watch("/?watch")) {
      events.awaitId();
      put("a", "1");
      put("b", "2");
      store.behind().delete(bytes("a"));

      assertThat(events.next().toString()).isEqualTo("1 put {key=a, version=1, bytes=1}");
      assertThat(events.next().toString()).isEqualTo("2 put {key=b, version=2, bytes=1}");
      assertThat(events.next().toString()).isEqualTo("3 delete {key=a, version=3}");
    }
  }

  @Test
  void changesOfThePrefixAreReportedWithTheirValues() throws IOException {
    try (EventClient events = watch("/?watch&prefix=a&values")) {
      events.awaitId();
      put("b", "other");
      put("a\n", "multi\nline");
      store.behind().put(new byte[] {'a', (byte) 0xFF}, new byte[] {(byte) 0x80});
      PutOptions options = PutOptions.NONE.label("text/plain").ttl(Duration.ofMinutes(1));
      store.behind().write(store.behind().batch().put(bytes("ab"), bytes(""), options));

      assertThat(events.next().data())
          .containsEntry("key", "a\n")
          .containsEntry("value", "multi\nline");
      assertThat(events.next().data())
          .containsEntry("keyBase64", "Yf8=")
          .containsEntry("valueBase64", "gA==");
      assertThat(events.next().data())
          .containsEntry("contentType", "text/plain")
          .containsEntry("value", "")
          .hasEntrySatisfying("ttlMs", left -> assertThat((long) left).isBetween(1L, 60_000L));
    }
  }

  @Test
  void watchThatIsResumedMissesNothing() throws IOException {
    List<String> keys = new ArrayList<>();
    List<String> reported = new ArrayList<>();
    long last = 0;
    for (int round = 0; round < 20; round++) {
      try (EventClient events = EventClient.open(server.connect(), "/?watch&from=1", last)) {
        for (int i = 0; i < 10; i++) {
          keys.add("k" + round + "-" + i);
          put("k" + round + "-" + i, "v");
        }
        for (int i = 0; i < 7; i++) {
          Event event = events.next();
          assertThat(event.id()).isGreaterThan(last);
          reported.add((String) event.data().get("key"));
          last = event.id();
        }
      }
    }

    assertThat(reported).isEqualTo(keys.subList(0, reported.size()));
  }

  @Test
  void versionsFromWhichToWatchAreCounted() throws IOException {
    put("a", "1");
    put("b", "2");
    put("c", "3");

    try (EventClient events = watch("/?watch&from=2")) {
      assertThat(events.awaitId()).isEqualTo(1);
      assertThat(events.next().id()).isEqualTo(2);
      assertThat(events.next().id()).isEqualTo(3);
    }
  }

  @Test
  void gapIsReported() throws IOException {
    try (EventClient events = watch("/?watch")) {
      events.awaitId();

      store.listener.onGap(5, 9);

      assertThat(events.next().toString()).isEqualTo("9 gap {from=5, to=9}");
    }
  }

  @Test
  void watchThatFailsBreaksOff() throws IOException {
    try (EventClient events = watch("/?watch")) {
      events.awaitId();

      store.listener.onFailure(new IllegalStateException("a test"));

      assertThat(events.isCutOff()).isTrue();
    }
  }

  @Test
  void heartbeatsTellHowFarItIs() throws IOException {
    try (TestServer often = TestServer.start(store.changed(), limits(9, OFTEN));
        EventClient events = EventClient.open(often.connect(), "/?watch&prefix=a", 0)) {
      events.awaitId();
      put("b", "1");
      put("b", "2");

      long id = 0;
      while (id < 2) {
        id = events.awaitId();
      }

      assertThat(id).isEqualTo(2);
    }
  }

  @Test
  void onlySoManyWatchAtOnce() throws Exception {
    try (TestServer narrow = TestServer.start(store.changed(), limits(1, PATIENCE))) {
      try (EventClient first = EventClient.open(narrow.connect(), "/?watch", 0);
          RawClient second = narrow.connect()) {
        first.awaitId();
        second.send("GET /?watch HTTP/1.1\r\nHost: a\r\n\r\n");
        Answer rejected = second.answer();
        assertThat(rejected.status()).isEqualTo(503);
        assertThat(rejected.field("Retry-After")).isNotNull();
      }
      assertThat(store.closed.await(20, TimeUnit.SECONDS)).isTrue();
      try (EventClient next = EventClient.open(narrow.connect(), "/?watch", 0)) {
        next.awaitId();
      }
    }
  }

  @Test
  void watchEndsWithItsClient() throws Exception {
    try (EventClient events = watch("/?watch")) {
      events.awaitId();
    }

    assertThat(store.closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void serverThatStopsEndsWatchesCleanly() throws IOException {
    try (EventClient events = watch("/?watch")) {
      events.awaitId();
      server.stop();

      assertThat(events.isAtEnd()).isTrue();
    }
  }

  @Test
  void idleWatchOutlivesOtherConnections() throws IOException {
    HttpLimits limits =
        new HttpLimits(
            TestServer.MAX_VALUE_BYTES,
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            PATIENCE,
            new StreamLimits(9, 9, PATIENCE));
    try (TestServer impatient = TestServer.start(store.changed(), limits);
        EventClient events = EventClient.open(impatient.connect(), "/?watch", 0);
        RawClient other = impatient.connect()) {
      events.awaitId();
      assertThat(other.closed()).isTrue();
      try (RawClient later = impatient.connect()) {
        assertThat(later.closed()).isTrue();
      }

      put("a", "1");

      assertThat(events.next().id()).isEqualTo(1);
    }
  }

  @Test
  void slowWatcherHoldsUpNothingAndMissesNothing() throws Exception {
    int changes = 3_000;
    String value = "v".repeat(20_000);
    try (EventClient events = watch("/?watch&values")) {
      events.awaitId();
      for (int i = 0; i < changes; i++) {
        put("k" + i, value);
      }
      long reported = store.reportedUntilCalm();

      assertThat(reported).isLessThan(changes / 2);
      for (int i = 1; i <= changes; i++) {
        assertThat(events.next().id()).isEqualTo(i);
      }
    }
  }

  @Test
  void watcherThatTakesNothingIsGivenUp() throws Exception {
    Duration soon = Duration.ofMillis(200);
    HttpLimits limits =
        new HttpLimits(
            TestServer.MAX_VALUE_BYTES, soon, soon, PATIENCE, new StreamLimits(9, 9, OFTEN));
    try (TestServer impatient = TestServer.start(store.changed(), limits);
        EventClient events = EventClient.open(impatient.connect(), "/?watch&values", 0)) {
      events.awaitId();
      String value = "v".repeat(1_000_000);
      for (int i = 0; i < 40; i++) {
        put("k" + i, value);
      }

      assertThat(store.closed.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"from=0", "from=x", "from=", "from=%2B1", "values=1", "prefix=%"})
  void whatMakesNoSenseIsRejected(String query) throws IOException {
    try (RawClient client = server.connect()) {
      client.send("GET /?watch&" + query + " HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void headIsThatOfTheWatch() throws IOException {
    try (RawClient client = server.connect()) {
      client.send("HEAD /?watch HTTP/1.1\r\nHost: a\r\n\r\nGET /k HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(client.headAnswer().field("Content-Type")).isEqualTo("text/event-stream");
      assertThat(client.answer().status()).isEqualTo(404);
    }
  }

  private EventClient watch(String target) throws IOException {
    return EventClient.open(server.connect(), target, 0);
  }

  private void put(String key, String value) {
    store.behind().put(bytes(key), bytes(value));
  }

  private static HttpLimits limits(int watches, Duration heartbeat) {
    StreamLimits streams = new StreamLimits(9, watches, heartbeat);
    return new HttpLimits(TestServer.MAX_VALUE_BYTES, PATIENCE, PATIENCE, PATIENCE, streams);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** Keeps the listener and the watch of the last watcher. */
  static final class WatchedStore extends DelegatingStore {
    private static final int CALM_MILLIS = 500;

    final CountDownLatch closed = new CountDownLatch(1);
    volatile ChangeListener<byte[], byte[]> listener;
    volatile Watch watch;

    @Instead
    public Watch watch(ChangeListener<byte[], byte[]> wanted) {
      return kept(wanted, behind().watch(wanted));
    }

    @Instead
    public Watch watch(long from, ChangeListener<byte[], byte[]> wanted) {
      return kept(wanted, behind().watch(from, wanted));
    }

    private Watch kept(ChangeListener<byte[], byte[]> wanted, Watch started) {
      listener = wanted;
      watch = started;
      return new Watch() {
        @Override
        public long version() {
          return started.version();
        }

        @Override
        public void close() {
          started.close();
          closed.countDown();
        }
      };
    }

    /** Returns how far it was reported when it was not reported more for a while. */
    long reportedUntilCalm() throws InterruptedException {
      long before = -1;
      while (before != watch.version()) {
        before = watch.version();
        assertThat(closed.await(CALM_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
      }
      return before;
    }
  }
}
