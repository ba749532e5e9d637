package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Range requests. */
class RangeTest {
  private static final String VALUE = "0123456789";

  private TestServer server;
  private RawClient client;
  private String tag;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.connect();
    client.send(with(VALUE, "PUT /k", "Content-Type: text/plain"));
    tag = client.answer().field("ETag");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=0-, 0, 9",
    "bytes=3-5, 3, 5",
    "BYTES=3-5, 3, 5",
    "bytes= 3-5, 3, 5",
    "bytes=9-9, 9, 9",
    "bytes=3-10, 3, 9",
    "bytes=3-99999999999999999999, 3, 9",
    "bytes=-1, 9, 9",
    "bytes=-10, 0, 9",
    "bytes=-99999999999999999999, 0, 9",
  })
  void partIsSent(String range, int first, int last) throws Exception {
    client.send(bare("GET /k", "Range: " + range) + bare("HEAD /k", "Range: " + range));

    Answer part = client.answer();
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.text()).isEqualTo(VALUE.substring(first, last + 1));
    assertThat(part.field("Content-Range")).isEqualTo("bytes " + first + '-' + last + "/10");
    assertThat(part.field("Content-Type")).isEqualTo("text/plain");
    assertThat(part.field("ETag")).isEqualTo(tag);
    assertWhole(client.headAnswer(), "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Range: bytes=0-1,3-4",
        "Range: bytes=0-1,",
        "Range: lines=0-1",
        "Range: bytes",
        "Range: bytes=",
        "Range: bytes=-",
        "Range: bytes=5-4",
        "Range: bytes=a-4",
        "Range: bytes=4-a",
        "Range: bytes=1-2-3",
        "Range: bytes=--1",
        "Range: bytes=+1-2",
        "Range: bytes=0 - 1",
        "Range: 0-1",
        "Range: bytes=0-1\r\nRange: bytes=2-3",
        "Range: bytes=0-1\r\nIf-Range: \"1x\"",
        "Range: bytes=0-1\r\nIf-Range: W/T",
        "Range: bytes=0-1\r\nIf-Range: T, T",
        "Range: bytes=0-1\r\nIf-Range: *",
        "Range: bytes=0-1\r\nIf-Range: Sat, 01 Jan 2050 00:00:00 GMT",
        "Range: bytes=99-\r\nIf-Range: \"0\"",
      })
  void wholeIsSentForAnythingElse(String fields) throws Exception {
    client.send(bare("GET /k", fields.replace("T,", tag + ",").replaceAll("T$", tag)));

    assertWhole(client.answer(), VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=99999999999999999999-", "bytes=-0"})
  void rangeThatHasNothingIsRejected(String range) throws Exception {
    client.send(bare("GET /k", "Range: " + range) + bare("HEAD /k", "Range: " + range));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(416);
    assertThat(rejected.field("Content-Range")).isEqualTo("bytes */10");
    assertThat(rejected.text()).contains("10").endsWith(".\n");
    assertWhole(client.headAnswer(), "");
  }

  @Test
  void partGoesWithPartsOfTheSameVersion() throws Exception {
    client.send(bare("GET /k", "Range: bytes=0-1", "If-Range: " + tag));
    assertThat(client.answer().status()).isEqualTo(206);

    client.send(with(VALUE, "PUT /k") + bare("GET /k", "Range: bytes=0-1", "If-Range: " + tag));

    assertThat(client.answer().status()).isEqualTo(204);
    assertThat(client.answer().status()).isEqualTo(200);
  }

  @Test
  void emptyValueHasNoParts() throws Exception {
    client.send(with("", "PUT /k"));
    client.send(bare("GET /k", "Range: bytes=0-") + bare("GET /k", "Range: bytes=-1"));

    assertThat(client.answer().status()).isEqualTo(204);
    assertThat(client.answer().field("Content-Range")).isEqualTo("bytes */0");
    assertThat(client.answer().status()).isEqualTo(200);
  }

  @Test
  void partsOfALongValueAreItsBytes() throws Exception {
    StringBuilder value = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      value.append("word ").append(i);
    }
    client.send(with(value.toString(), "PUT /long"));
    assertThat(client.answer().status()).isEqualTo(201);

    int[][] ranges = {{0, 16_383}, {1, 16_385}, {500_000, 899_999}, {900_000, 900_000}};
    for (int[] range : ranges) {
      client.send(bare("GET /long", "Range: bytes=" + range[0] + '-' + range[1]));

      Answer part = client.answer();
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.text()).isEqualTo(value.substring(range[0], range[1] + 1));
    }
  }

  private void assertWhole(Answer answer, String body) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(body);
    assertThat(answer.field("Content-Length")).isEqualTo("10");
    assertThat(answer.field("Content-Range")).isNull();
  }
}
