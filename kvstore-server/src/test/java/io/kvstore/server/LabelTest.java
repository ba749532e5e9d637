package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.codec.Codecs;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The media type of a value: stored with it, and sent with it. */
class LabelTest {
  private static final String UNKNOWN = "application/octet-stream";

  private KvStore<byte[], byte[]> store;
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    store = KvStore.builder(Codecs.bytes(), Codecs.bytes()).open();
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
  @ValueSource(
      strings = {
        "text/plain",
        "text/plain; charset=utf-8",
        "text/plain ;\tcharset=\"utf-8\"; x=\"a\\\"; b\"",
        "image/svg+xml",
        "application/x-www-form-urlencoded",
        "Application/Octet-Stream; a=b",
        "a!#$%&'*+-.^_`|~1/2",
        "a/b;",
        "a/b;; c=d"
      })
  void typeIsKept(String type) throws Exception {
    client.send(with("v", "PUT /k", "Content-Type:   " + type + "  "));
    assertThat(client.answer().status()).isEqualTo(201);

    for (String fields : new String[] {"User-Agent: a", "Range: bytes=0-0"}) {
      client.send(bare("GET /k", fields));
      assertTyped(client.answer(), type);
    }
    client.send(bare("GET /k") + bare("HEAD /k"));
    assertTyped(client.answer(), type);
    assertTyped(client.headAnswer(), type);
  }

  @Test
  void typeIsThatOfTheLastWrite() throws Exception {
    client.send(
        with("v", "PUT /k", "Content-Type: text/html")
            + with("v", "PUT /k")
            + bare("GET /k")
            + with("v", "PUT /k", "Content-Type: text/html")
            + with("{\"value\":\"v\"}", "POST /k", "Content-Type: application/json")
            + bare("GET /k")
            + with("v", "PUT /k", "Content-Type: text/html")
            + with("v", "PUT /k", "Content-Type: " + UNKNOWN)
            + bare("GET /k"));

    for (int i = 0; i < 3; i++) {
      assertThat(client.answer().status()).isEqualTo(i == 0 ? 201 : 204);
      assertThat(client.answer().status() / 100).isEqualTo(2);
      assertTyped(client.answer(), UNKNOWN);
    }
  }

  @Test
  void longestTypeIsKept() throws Exception {
    String type = "text/" + "t".repeat(PutOptions.MAX_LABEL_BYTES - 5);

    client.send(with("v", "PUT /k", "Content-Type: " + type) + bare("GET /k"));

    assertThat(client.answer().status()).isEqualTo(201);
    assertTyped(client.answer(), type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Type: text | 400 | like text/plain",
        "Content-Type: text/ | 400 | like text/plain",
        "Content-Type: /plain | 400 | like text/plain",
        "Content-Type: text/plain, text/html | 400 | like text/plain",
        "Content-Type: text/plain; charset | 400 | like text/plain",
        "Content-Type: text/plain; charset= | 400 | like text/plain",
        "Content-Type: text/plain; a=\"b | 400 | like text/plain",
        "Content-Type: text/plain; a=\"b\\ | 400 | like text/plain",
        "Content-Type: text/plain; a=\"\u00e9\" | 400 | like text/plain",
        "Content-Type: text/pl\u00e9n | 400 | like text/plain",
        "Content-Type: | 400 | like text/plain",
        "Content-Type: a/b~Content-Type: a/b | 400 | more than one",
        "Content-Encoding: gzip | 415 | Content-Encoding",
        "Content-Range: bytes 0-0/2 | 400 | part",
      })
  void otherFieldsAreRejected(String fields, int status, String sentence) throws Exception {
    client.send(with("v", "PUT /k", fields.split("~", -1)) + bare("GET /k"));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(status);
    assertThat(rejected.text()).contains(sentence).endsWith(".\n");
    assertThat(rejected.field("Accept-Encoding")).isEqualTo(status == 415 ? "identity" : null);
    assertThat(client.answer().status()).as("nothing is stored").isEqualTo(404);
  }

  @Test
  void longerTypeIsRejected() throws Exception {
    client.send(with("v", "PUT /k", "Content-Type: text/" + "t".repeat(251)));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(400);
    assertThat(rejected.text()).contains("256", "255");
  }

  @Test
  void putWithoutAnyLengthIsRejected() throws Exception {
    client.send(bare("PUT /k") + bare("GET /k") + with("", "PUT /k") + bare("GET /k"));

    assertThat(client.answer().status()).isEqualTo(411);
    assertThat(client.answer().status()).isEqualTo(404);
    assertThat(client.answer().status()).isEqualTo(201);
    assertThat(client.answer().body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b\r\nSet-Cookie: c",
        "a/b\nSet-Cookie: c",
        "a/b; c=\"\r\n\r\n\"",
        "a/b; c=\"\u0000\"",
        "a/b; c=\"\u0100\u010d\u010a\"",
        "version 7",
      })
  void labelThatIsNoTypeIsNotGivenOut(String label) throws Exception {
    byte[] key = "k".getBytes(StandardCharsets.UTF_8);
    var unused = store.write(store.batch().put(key, key, PutOptions.NONE.label(label)));

    client.send(bare("GET /k"));

    assertTyped(client.answer(), UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept: */*",
        "Content-Type: application/json",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: text/plain",
        "Content-Type: application/vnd.a+json; b=c",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: ",
        "Content-Encoding: gzip"
      })
  void postAsksForNoTypeIfTheBodyIsGood(String field) throws Exception {
    client.send(with("{\"value\":\"v\"}", "POST /k", field) + bare("GET /k"));

    Answer posted = client.answer();
    assertThat(posted.status()).isEqualTo(200);
    assertThat(posted.body()).isEmpty();
    assertTyped(client.answer(), UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Accept: */* | 400 | not a JSON object",
        "Content-Type: Application/JSON; charset=utf-8 | 400 | not a JSON object",
        "Content-Type: application/x-www-form-urlencoded | 400 | not a JSON object",
        "Content-Type: multipart/form-data; boundary=x | 415 | multipart/form-data",
        "Content-Type: image/png | 415 | image/png",
        "Content-Type: png | 415 | unknown type",
        "Content-Encoding: gzip | 415 | Content-Encoding",
      })
  void postOfAnotherTypeIsRejected(String field, int status, String sentence) throws Exception {
    client.send(with("[]", "POST /k", field));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(status);
    assertThat(rejected.text()).contains(sentence).endsWith(".\n");
  }

  private static void assertTyped(Answer answer, String type) {
    assertThat(answer.status() / 100).isEqualTo(2);
    assertThat(answer.field("Content-Type")).isEqualTo(type);
    assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.field("Set-Cookie")).isNull();
  }
}
