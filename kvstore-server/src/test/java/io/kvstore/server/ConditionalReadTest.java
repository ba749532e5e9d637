package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entity tags, and conditional reads. */
class ConditionalReadTest {
  private static final String VALUE = "0123456789";

  private TestServer server;
  private RawClient client;
  private String version;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start();
    client = server.connect();
    client.send(with(VALUE, "PUT /k"));
    String tag = client.answer().field("ETag");
    assertThat(tag).matches("\"[1-9][0-9]*-[0-9a-v]{8}\"");
    version = tag.substring(1, tag.length() - 1);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Range: none", "User-Agent: a", "If-Modified-Since: never"})
  void everyReadTellsTheTag(String field) throws Exception {
    client.send(bare("GET /k") + bare("HEAD /k", field) + bare("GET /k", "Range: bytes=1-2"));

    assertWhole(client.answer(), VALUE);
    assertWhole(client.headAnswer(), "");
    assertThat(client.answer().field("ETag")).isEqualTo('"' + version + '"');
  }

  @Test
  void everyWriteMakesAnotherTag() throws Exception {
    client.send(with(VALUE, "PUT /k") + bare("GET /k") + with("{\"value\":\"v\"}", "POST /k"));

    String second = client.answer().field("ETag");
    assertThat(second).isNotEqualTo('"' + version + '"');
    assertThat(client.answer().field("ETag")).isEqualTo(second);
    assertThat(client.answer().field("ETag")).as("of a POST").isNull();
    client.send(bare("GET /k") + bare("DELETE /k") + with(VALUE, "PUT /k"));
    String third = client.answer().field("ETag");
    assertThat(third).isNotEqualTo(second);
    assertThat(client.answer().field("ETag")).as("of a DELETE").isNull();
    assertThat(client.answer().field("ETag")).isNotIn(second, third, '"' + version + '"');
  }

  static Stream<String> whatTheClientHas() {
    return Stream.of(
        "If-None-Match: \"V\"",
        "If-None-Match: W/\"V\"",
        "If-None-Match: *",
        "If-None-Match: \"a,b\", \"V\"",
        "If-None-Match: \"V\",\"a\"",
        "If-None-Match: , \"V\",,",
        "if-none-match: \"a\"\r\nIf-None-Match: \"V\"",
        "If-None-Match: \"V\"\r\nIf-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT",
        "If-None-Match: \"V\"\r\nRange: bytes=0-1",
        "If-None-Match: \"V\"\r\nRange: bytes=100-",
        "If-Match: \"V\"\r\nIf-None-Match: \"V\"");
  }

  @ParameterizedTest
  @MethodSource("whatTheClientHas")
  void clientIsNotSentWhatItHas(String fields) throws Exception {
    client.send(bare("GET /k", ours(fields)) + bare("HEAD /k", ours(fields)) + bare("GET /k"));

    for (int i = 0; i < 2; i++) {
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(304);
      assertThat(answer.field("ETag")).isEqualTo('"' + version + '"');
      assertThat(answer.field("Cache-Control")).isEqualTo("no-cache");
      assertThat(answer.field("Content-Length")).isNull();
    }
    assertWhole(client.answer(), VALUE);
  }

  static Stream<String> whatIsNoReason() {
    return Stream.of(
        "If-None-Match: \"V0\"",
        "If-None-Match: \"0V\"",
        "If-None-Match: \"+V\"",
        "If-None-Match: \"-V\"",
        "If-None-Match: \"\"",
        "If-None-Match: \"*\"",
        "If-None-Match: \"99999999999999999999999\"",
        "If-None-Match: \"\u00e9\", W/\"x\"",
        "If-Modified-Since: Sat, 01 Jan 2050 00:00:00 GMT",
        "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT",
        "If-Match: \"V\"",
        "If-Match: \"a\",\"V\"",
        "If-Match: *",
        "If-Match: *\r\nIf-None-Match: \"a\"",
        "If-Range: \"V\"");
  }

  @ParameterizedTest
  @MethodSource("whatIsNoReason")
  void valueIsSentOtherwise(String fields) throws Exception {
    client.send(bare("GET /k", ours(fields)) + bare("HEAD /k", ours(fields)));

    assertWhole(client.answer(), VALUE);
    assertWhole(client.headAnswer(), "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "If-Match: \"V0\"",
        "If-Match: W/\"V\"",
        "If-Match: \"a\", \"b\"",
        "If-Match: \"a\"\r\nIf-None-Match: \"V\"",
        "If-Match: \"a\"\r\nRange: bytes=100-"
      })
  void readOfAnotherVersionIsRejected(String fields) throws Exception {
    client.send(bare("GET /k", ours(fields)) + bare("HEAD /k", ours(fields)) + bare("GET /k"));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(412);
    assertThat(rejected.text()).contains("If-Match");
    assertThat(client.headAnswer().status()).isEqualTo(412);
    assertThat(client.answer().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "V",
        "'V'",
        "\"V",
        "V\"",
        "\"V\" \"a\"",
        "\"V\"\"a\"",
        "w/\"V\"",
        "W/ \"V\"",
        "*, \"V\"",
        "\"V\", *",
        "**",
        "*x",
        "\"a b\"",
        "W/",
        "W/*",
        "','",
        "''",
        "\"a\tb\"",
      })
  void otherTagsAreIgnoredByReadsAndRejectedByWrites(String tags) throws Exception {
    for (String name : new String[] {"If-Match", "If-None-Match"}) {
      String field = ours(name + ": " + tags);
      client.send(bare("GET /k", field));
      assertThat(client.answer().status()).isEqualTo(200);
      client.send(bare("HEAD /k", field));
      assertThat(client.headAnswer().status()).isEqualTo(200);

      client.send(with("v", "PUT /k", field));
      assertRejected(name);
      client.send(with("{\"value\":\"v\"}", "POST /k", field));
      assertRejected(name);
      client.send(with("", "POST /k?increment=1", field));
      assertRejected(name);
      client.send(bare("DELETE /k", field));
      assertRejected(name);
    }
  }

  private void assertRejected(String name) throws Exception {
    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(400);
    assertThat(rejected.text()).startsWith(name + " is neither").endsWith(".\n");
  }

  @Test
  void lineThatIsNotOneMakesTheWholeFieldMalformed() throws Exception {
    client.send(bare("GET /k", ours("If-None-Match: \"V\""), "If-None-Match: *x"));
    assertThat(client.answer().status()).isEqualTo(200);

    client.send(
        bare("GET /k", ours("If-Range: \"V\""), ours("If-Range: \"V\""), "Range: bytes=0-0"));
    assertThat(client.answer().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"If-Match: *", "If-Match: \"1\"", "If-None-Match: *", "Range: bytes=9-"})
  void whatIsNotThereIsNotFound(String field) throws Exception {
    client.send(bare("GET /none", field));

    Answer missing = client.answer();
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.field("Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void clientOfHttp10IsHeardToo() throws Exception {
    client.send("GET /k HTTP/1.0\r\nIf-None-Match: \"" + version + "\"\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(304);
    assertThat(client.closed()).isTrue();
  }

  private String ours(String fields) {
    return fields.replace("V", version);
  }

  private void assertWhole(Answer answer, String body) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo(body);
    assertThat(answer.field("Content-Length")).isEqualTo("10");
    assertThat(answer.field("ETag")).isEqualTo('"' + version + '"');
    assertThat(answer.field("Accept-Ranges")).isEqualTo("bytes");
    assertThat(answer.field("Cache-Control")).isEqualTo("no-cache");
    assertThat(answer.field("Last-Modified")).isNull();
  }
}
