package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.HeldStore;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of what a client may send, and how long it may take. */
class LimitsTest {
  private static final int MAX = TestServer.MAX_VALUE_BYTES;

  @AutoClose private final TestServer server = TestServer.start();
  private final RawClient client = server.connect();

  LimitsTest() throws IOException {}

  @Test
  void bodyThatIsAnnouncedTooLongIsNotWaitedFor() throws IOException {
    client.send("PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: " + (MAX + 1) + "\r\n\r\nabc");

    assertRejected(413, "1048576");
  }

  @Test
  void bodyThatTurnsOutTooLongIsNotKept() throws IOException {
    client.send("PUT /k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    for (int i = 0; i < MAX / 0x8000; i++) {
      client.send(chunk);
    }
    client.send("1\r\nx\r\n");

    assertRejected(413, "1048576");
  }

  @Test
  void clientThatKeepsSendingStillGetsTheErrorResponse() throws IOException {
    client.send("PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: " + (16 * MAX) + "\r\n\r\n");
    for (int i = 0; i < 16; i++) {
      client.send(new byte[MAX]);
    }

    assertRejected(413, "1048576");
  }

  @Test
  void jsonMayBeAsLongAsItsValueNeeds() throws IOException {
    client.send(post("{\"value\":\"" + "\\u0061".repeat(MAX) + "\"}") + get("/k"));

    assertThat(client.answer().status()).isEqualTo(200);
    assertThat(client.answer().body()).hasSize(MAX);
  }

  @Test
  void valueInJsonThatIsTooLongIsRejected() throws IOException {
    client.send(post("{\"value\":\"" + "a".repeat(MAX + 1) + "\"}") + get("/k"));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(413);
    assertThat(rejected.text()).contains("1048577", "1048576");
    assertThat(client.answer().status()).isEqualTo(404);
  }

  @Test
  void jsonThatIsLongForOtherReasonsIsRejected() throws IOException {
    client.send(post("{" + " ".repeat(6 * MAX + (64 << 10)) + "\"value\":\"a\"}"));

    assertRejected(413, "bytes");
  }

  @Test
  void bodyThatNobodyWantsIsBounded() throws IOException {
    client.send("GET /k HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n");

    assertRejected(413, "65536");
  }

  @Test
  void longestKeyIsReachedEscaped() throws IOException {
    String path = "/" + "%c3%a9".repeat(32_767) + "%41";
    client.send(
        "PUT "
            + path
            + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nv"
            + get(path)
            + "DELETE "
            + path
            + "?because HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().text()).isEqualTo("v");
    assertThat(client.answer().status()).isEqualTo(200);
  }

  @Test
  void longerKeyIsRejected() throws IOException {
    client.send(get("/" + "k".repeat(65_536)) + get("/k"));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(414);
    assertThat(rejected.text()).contains("65536", "65535");
    assertThat(client.answer().status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /", "GET "})
  void endlessRequestLineIsRejected(String start) throws IOException {
    client.send(start + "k".repeat(206_000));

    assertRejected(414, "204797");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name: %s\r\n\r\n", "name: %s", "%s: value\r\n\r\n", "%s"})
  void longHeaderSectionIsRejected(String fields) throws IOException {
    client.send("GET /k HTTP/1.1\r\nHost: a\r\n" + fields.formatted("f".repeat(17_000)));

    assertRejected(431, "limit");
  }

  @Test
  void manyHeaderFieldsAreRejected() throws IOException {
    client.send("GET /k HTTP/1.1\r\nHost: a\r\n" + "name: value\r\n".repeat(256));

    assertRejected(431, "256 header fields");
  }

  @Test
  void longTrailersAreRejected() throws IOException {
    client.send(
        "PUT /k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
            + ("name: " + "v".repeat(94) + "\r\n").repeat(170));

    assertRejected(431, "limit");
  }

  @Test
  void idleConnectionIsClosed() throws IOException {
    // Long enough for a client to say something before, on a machine with much to do.
    Duration patience = Duration.ofSeconds(2);
    try (TestServer impatient = TestServer.startImpatient(patience, Duration.ofSeconds(1));
        RawClient idle = impatient.connect();
        RawClient late = impatient.connect()) {
      late.send(get("/k"));

      assertThat(idle.closed()).isTrue();
      assertThat(late.answer().status()).isEqualTo(404);
      assertThat(late.closed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /k HT",
        "GET /k HTTP/1.1\r\nHost: a",
        "GET /k HTTP/1.1\r\nHost: a\r\n",
        "PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
        "PUT /k HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"
      })
  void requestThatIsNotDeliveredIsGivenUp(String start) throws IOException {
    try (TestServer impatient = impatient();
        RawClient slow = impatient.connect()) {
      slow.send(start);

      assertThat(slow.closed()).isTrue();
    }
  }

  @Test
  void excessConnectionGetsAnError() throws IOException {
    try (TestServer small = TestServer.start(Map.of("max-connections", "1"));
        RawClient first = small.connect()) {
      first.send(get("/k"));
      assertThat(first.answer().status()).isEqualTo(404);

      try (RawClient second = small.connect()) {
        Answer answer = second.answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text()).contains("the limit of 1");
        assertThat(answer.field("Retry-After")).isNotNull();
        assertThat(second.closed()).isTrue();
      }

      first.send(get("/k"));
      assertThat(first.answer().status()).isEqualTo(404);
    }
  }

  @Test
  void headerSectionMayBeAsLongAsIsSaid() throws IOException {
    try (TestServer small = TestServer.start(Map.of("max-header-bytes", "2000"));
        RawClient brief = small.connect();
        RawClient verbose = small.connect()) {
      brief.send("GET /k HTTP/1.1\r\nHost: a\r\nname: " + "f".repeat(1_900) + "\r\n\r\n");
      verbose.send("GET /k HTTP/1.1\r\nHost: a\r\nname: " + "f".repeat(2_000) + "\r\n\r\n");

      assertThat(brief.answer().status()).isEqualTo(404);
      assertThat(verbose.answer().status()).isEqualTo(431);
    }
  }

  @Test
  void writeThatWouldWaitBehindTooManyIsRejected() throws Exception {
    HeldStore store = new HeldStore();
    try (TestServer busy =
            TestServer.start(store, Map.of("max-waiting-writes", "1", "event-loops", "1"));
        RawClient first = busy.connect();
        RawClient second = busy.connect()) {
      first.send(post("{\"value\":\"1\"}"));
      store.awaitPut();

      second.send(post("{\"value\":\"2\"}") + get("/k"));
      Answer rejected = second.answer();
      assertThat(rejected.status()).isEqualTo(503);
      assertThat(rejected.field("Retry-After")).isEqualTo("1");
      assertThat(second.answer().status()).isEqualTo(404);

      store.letGo();
      assertThat(first.answer().status()).isEqualTo(200);
      second.send(post("{\"value\":\"2\"}"));
      store.letGo();
      assertThat(second.answer().status()).isEqualTo(200);
    }
  }

  private static TestServer impatient() throws IOException {
    return TestServer.startImpatient(Duration.ofMillis(400), Duration.ofMillis(200));
  }

  private void assertRejected(int status, String limit) throws IOException {
    Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains(limit).endsWith(".\n");
    assertThat(answer.field("Connection")).isEqualTo("close");
    assertThat(client.closed()).isTrue();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String post(String body) {
    return "POST /k HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }
}
