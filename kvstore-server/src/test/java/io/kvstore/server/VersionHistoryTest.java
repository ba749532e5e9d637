package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.EventClient;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that come back after the store has got another history. */
@Timeout(60)
class VersionHistoryTest {
  private static final byte[] KEY = "k".getBytes(UTF_8);

  @TempDir private Path directory;

  private static KvStore<byte[], byte[]> inMemory() {
    return KvStore.builder(Codecs.bytes(), Codecs.bytes()).open();
  }

  private KvStore<byte[], byte[]> onDisk(String name) {
    return KvStore.builder(Codecs.bytes(), Codecs.bytes())
        .directory(directory.resolve(name))
        .open();
  }

  private static TestServer serverOf(KvStore<byte[], byte[]> store) throws IOException {
    return TestServer.start(store);
  }

  private static String tagOf(TestServer server) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(bare("GET /k"));
      return client.answer().field("ETag");
    }
  }

  /** Returns the tag of the same version of the same key in another history. */
  private static String foreignTag() throws IOException {
    try (KvStore<byte[], byte[]> store = inMemory();
        TestServer server = serverOf(store)) {
      store.put(KEY, "other".getBytes(UTF_8));
      return tagOf(server);
    }
  }

  private static Answer ask(TestServer server, String request) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(request);
      return client.answer();
    }
  }

  // ---- conditions

  @Test
  void tagOfAnotherHistoryMatchesNothing() throws IOException {
    String foreign = foreignTag();
    try (KvStore<byte[], byte[]> store = inMemory();
        TestServer server = serverOf(store)) {
      store.put(KEY, "5".getBytes(UTF_8));
      String match = "If-Match: " + foreign;
      String both = "If-Match: \"x\", " + foreign;

      assertThat(ask(server, bare("GET /k", "If-None-Match: " + foreign)).status()).isEqualTo(200);
      for (String field : new String[] {match, both}) {
        assertThat(ask(server, bare("GET /k", field)).status()).isEqualTo(412);
        assertThat(ask(server, with("new", "PUT /k", field)).status()).isEqualTo(412);
        assertThat(ask(server, bare("DELETE /k", field)).status()).isEqualTo(412);
        assertThat(ask(server, with("", "POST /k?increment=1", field)).status()).isEqualTo(412);
        assertThat(ask(server, with("{\"value\":\"v\"}", "POST /k", field)).status())
            .isEqualTo(412);
      }
      String range = bare("GET /k", "Range: bytes=0-0", "If-Range: " + foreign);
      assertThat(ask(server, range).status()).isEqualTo(200);
      assertThat(ask(server, require(foreign)).status()).isEqualTo(412);
      assertThat(store.get(KEY)).isEqualTo("5".getBytes(UTF_8));

      String own = tagOf(server);
      assertThat(ask(server, require(own)).status()).isEqualTo(200);
    }
  }

  private static String require(String tag) {
    String element = "[{\"op\":\"require\",\"key\":\"k\",\"version\":" + tag + "}]";
    return with(element, "POST /?batch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"x\"", "\"1-0\"", "\"1-zzzzzzzz\"", "\"0\"", "true", "0"})
  void batchRequiresAVersionOrATag(String version) throws IOException {
    try (KvStore<byte[], byte[]> store = inMemory();
        TestServer server = serverOf(store)) {
      assertThat(ask(server, require(version)).status()).isEqualTo(400);
    }
  }

  @Test
  void tagAndIdOutliveAReopening() throws IOException {
    String tag;
    String id;
    try (KvStore<byte[], byte[]> store = onDisk("a");
        TestServer server = serverOf(store);
        EventClient events = EventClient.open(server.connect(), "/?watch", 0)) {
      events.awaitId();
      store.put(KEY, KEY);
      tag = tagOf(server);
      id = idOfNext(events);
    }
    try (KvStore<byte[], byte[]> store = onDisk("a");
        TestServer server = serverOf(store)) {
      assertThat(tagOf(server)).isEqualTo(tag);
      try (EventClient events = EventClient.open(server.connect(), "/?watch", id)) {
        assertThat(events.awaitId()).isEqualTo(1);
        store.put(KEY, KEY);
        assertThat(events.next().toString()).startsWith("2 put");
      }
    }
  }

  private static String idOfNext(EventClient events) throws IOException {
    events.next();
    return events.wholeId();
  }

  // ---- watches

  @Test
  void restoreIsAGapForWhoHasSeenMore() throws IOException {
    String shared;
    String lost;
    String lostTag;
    try (KvStore<byte[], byte[]> store = onDisk("a");
        TestServer server = serverOf(store);
        EventClient events = EventClient.open(server.connect(), "/?watch", 0)) {
      events.awaitId();
      store.put(KEY, KEY);
      shared = idOfNext(events);
      store.backup(directory.resolve("b"));
      store.put(KEY, KEY);
      lost = idOfNext(events);
      lostTag = tagOf(server);
    }
    try (KvStore<byte[], byte[]> store = onDisk("b");
        TestServer server = serverOf(store)) {
      store.put(KEY, "restored".getBytes(UTF_8));
      store.put(KEY, "again".getBytes(UTF_8));

      try (EventClient events = EventClient.open(server.connect(), "/?watch", shared)) {
        assertThat(events.next().toString()).startsWith("2 put");
      }
      try (EventClient events = EventClient.open(server.connect(), "/?watch", lost)) {
        assertThat(events.next().toString()).isEqualTo("3 gap {from=1, to=3}");
        store.put(KEY, KEY);
        assertThat(events.next().toString()).startsWith("4 put");
      }
      assertThat(ask(server, bare("GET /k", "If-Match: " + lostTag)).status()).isEqualTo(412);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5000", "3", "9223372036854775806", "2-00000000", "5000-00000000"})
  void idThatTheStoreHasNotReachedIsAGap(String id) throws IOException {
    try (KvStore<byte[], byte[]> store = inMemory();
        TestServer server = serverOf(store)) {
      store.put(KEY, KEY);
      store.put(KEY, KEY);

      try (EventClient events = EventClient.open(server.connect(), "/?watch&prefix=x", id)) {
        assertThat(events.next().toString()).isEqualTo("2 gap {from=1, to=2}");
      }
      try (EventClient events = EventClient.open(server.connect(), "/?watch", id)) {
        assertThat(events.next().toString()).isEqualTo("2 gap {from=1, to=2}");
        String resumed = events.wholeId();
        store.put(KEY, KEY);
        assertThat(events.next().toString()).startsWith("3 put");
        try (EventClient next = EventClient.open(server.connect(), "/?watch", resumed)) {
          assertThat(next.next().toString()).startsWith("3 put");
        }
      }
    }
  }

  @Test
  void firstVersionThatIsNotReachedIsAGap() throws IOException {
    try (KvStore<byte[], byte[]> store = inMemory();
        TestServer server = serverOf(store)) {
      store.put(KEY, KEY);
      try (EventClient events = EventClient.open(server.connect(), "/?watch&from=3", "")) {
        assertThat(events.next().toString()).isEqualTo("1 gap {from=1, to=1}");
      }
      try (EventClient events = EventClient.open(server.connect(), "/?watch&from=2", "")) {
        assertThat(events.awaitId()).isEqualTo(1);
        store.put(KEY, KEY);
        assertThat(events.next().toString()).startsWith("2 put");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1-", "1-x", "-1", "1-000000000", "01", "9223372036854775807"})
  void idOfNoServerIsRejected(String id) throws IOException {
    try (KvStore<byte[], byte[]> store = inMemory();
        TestServer server = serverOf(store)) {
      assertThat(ask(server, bare("GET /?watch", "Last-Event-ID: " + id)).status()).isEqualTo(400);
    }
  }
}
