package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries with a time to live. */
class TtlTest {
  private static final String JSON = "{\"value\":\"v\"}";

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private KvStore<byte[], byte[]> store;
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    store = KvStore.builder(Codecs.bytes(), Codecs.bytes()).clock(now::get).open();
    server = TestServer.start(store);
    client = server.connect();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
    store.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ttl=60, 60000",
    "ttl=060, 60000",
    "ttl=30s, 30000",
    "ttl=5m, 300000",
    "ttl=1h, 3600000",
    "ttl=1d, 86400000",
    "ttl=1ms, 1",
    "ttl=500ms, 500",
    "ttl=36525d, 3155760000000",
    "a=%zz&ttl=%36%30&b, 60000",
  })
  void entryIsGoneAfterItsTime(String query, long millis) throws Exception {
    for (String method : new String[] {"PUT", "POST"}) {
      String body = method.equals("PUT") ? "v" : JSON;
      client.send(with(body, method + " /" + method + '?' + query));
      assertThat(client.answer().status()).isEqualTo(method.equals("PUT") ? 201 : 200);
      assertThat(store.remaining(method.getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(Duration.ofMillis(millis));
    }

    now.updateAndGet(time -> time.plusMillis(millis));

    client.send(bare("GET /PUT") + bare("GET /POST"));
    assertThat(client.answer().status()).isEqualTo(404);
    assertThat(client.answer().status()).isEqualTo(404);
  }

  @Test
  void readsTellTheTimeThatRemains() throws Exception {
    client.send(with("0123456789", "PUT /k?ttl=1h", "Content-Type: text/plain"));
    assertThat(client.answer().status()).isEqualTo(201);
    client.send(with(JSON, "POST /p?ttl=1h") + bare("GET /p"));
    assertThat(client.answer().status()).isEqualTo(200);
    assertRemaining(client.answer());

    client.send(bare("GET /k") + bare("GET /k", "Range: bytes=0-1") + bare("HEAD /k"));

    assertRemaining(client.answer());
    assertRemaining(client.answer());
    assertRemaining(client.headAnswer());
  }

  private static void assertRemaining(Answer answer) {
    assertThat(Long.parseLong(answer.field("Kvstore-Ttl-Ms"))).isBetween(1L, 3_600_000L);
  }

  @Test
  void laterWriteTakesTheTimeAway() throws Exception {
    client.send(with("v", "PUT /k?ttl=1h") + with("v", "PUT /k?ttx=1h") + bare("GET /k"));

    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().status()).isEqualTo(204);
    assertThat(client.answer().field("Kvstore-Ttl-Ms")).isNull();
  }

  @Test
  void conditionalWritesHaveItToo() throws Exception {
    client.send(
        with("v", "PUT /k?ttl=1h", "If-None-Match: *")
            + bare("GET /k")
            + with(JSON, "POST /k?ttl=1h", "If-Match: *")
            + bare("GET /k"));

    assertThat(client.answer().status()).isEqualTo(201);
    assertRemaining(client.answer());
    assertThat(client.answer().status()).isEqualTo(200);
    assertRemaining(client.answer());
  }

  @Test
  void expiredEntryIsAbsentForConditionsToo() throws Exception {
    client.send(with("v", "PUT /k?ttl=1s"));
    assertThat(client.answer().status()).isEqualTo(201);

    now.updateAndGet(time -> time.plusSeconds(1));

    client.send(with("v", "PUT /k", "If-Match: *") + with("v", "PUT /k", "If-None-Match: *"));
    assertThat(client.answer().status()).isEqualTo(412);
    assertThat(client.answer().status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttl | \"\" is not a number",
        "ttl= | \"\" is not a number",
        "ttl=s | \"s\" is not a number",
        "ttl=-1 | \"-1\" is not a number",
        "ttl=+1 | \" 1\" is not a number",
        "ttl=1.5 | \"1.5\" is not a number",
        "ttl=1e3 | \"1e3\" is not a number",
        "ttl=1S | \"1S\" is not a number",
        "ttl=1%20s | \"1 s\" is not a number",
        "ttl=1w | \"1w\" is not a number",
        "ttl=%D9%A1 | is not a number",
        "ttl=0 | \"0\" is less than the limit of 1ms",
        "ttl=0ms | \"0ms\" is less than the limit of 1ms",
        "ttl=36526d | \"36526d\" is more than the limit of 36525d",
        "ttl=3155760001 | is more than the limit of 36525d",
        "ttl=3155760000001ms | is more than the limit of 36525d",
        "ttl=99999999999999999d | is more than the limit of 36525d",
        "ttl=99999999999999999999999999999999999999999999 | 99999...\" is more than the limit",
        "ttl=1&ttl=1 | more than once",
        "ttl=1% | has a %",
      })
  void otherTimesAreRejected(String query, String sentence) throws Exception {
    client.send(with("v", "PUT /k?" + query) + with(JSON, "POST /k?" + query) + bare("GET /k"));

    for (int i = 0; i < 2; i++) {
      Answer rejected = client.answer();
      assertThat(rejected.status()).isEqualTo(400);
      assertThat(rejected.text()).contains(sentence).endsWith(".\n");
    }
    assertThat(client.answer().status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "DELETE"})
  void otherMethodsIgnoreIt(String method) throws Exception {
    client.send(with("v", "PUT /k") + bare(method + " /k?ttl=never&ttl"));

    assertThat(client.answer().status()).isEqualTo(201);
    Answer answer = method.equals("HEAD") ? client.headAnswer() : client.answer();
    assertThat(answer.status()).isEqualTo(200);
  }
}
