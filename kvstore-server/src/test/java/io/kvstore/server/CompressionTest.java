package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The compression of text for clients that accept it. */
class CompressionTest {
  private static final String GZIP = "Accept-Encoding: gzip";
  private static final int MIN = 2 << 10;
  private static final int MAX = 64 << 10;

  @AutoClose private final TestServer server = TestServer.start();
  private final RawClient client = server.connect();

  CompressionTest() throws IOException {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/plain | " + MIN,
        "text/html; charset=utf-8 | 20000",
        "Application/JSON | " + MAX,
        "application/problem+json | 20000",
        "image/svg+xml | 20000",
        "application/xml | 20000",
        "application/javascript;a=b | 20000",
      })
  void textIsCompressed(String type, int length) throws Exception {
    String value = words(length);
    String tag = put(value, "Content-Type: " + type);

    client.send(bare("GET /k", GZIP) + bare("HEAD /k", GZIP) + bare("GET /k"));

    Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Encoding")).isEqualTo("gzip");
    assertThat(answer.field("Content-Type")).isEqualTo(type);
    assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
    assertThat(answer.field("ETag")).isEqualTo(compressed(tag));
    assertThat(answer.body().length).isLessThan(length);
    assertThat(unzipped(answer)).isEqualTo(value);
    Answer head = client.headAnswer();
    assertThat(head.field("Content-Length")).isEqualTo(answer.field("Content-Length"));
    assertThat(head.field("ETag")).isEqualTo(compressed(tag));
    Answer plain = client.answer();
    assertPlain(plain, value, tag);
    assertThat(plain.field("Vary")).isEqualTo("Accept-Encoding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "x-gzip",
        "GZIP",
        "*",
        "deflate, gzip;q=0.5, br",
        "deflate,gzip ; q=0.001",
        "identity;q=0.5, gzip;q=0.5",
        "br~Accept-Encoding: gzip"
      })
  void clientMayAcceptItInManyWays(String coding) throws Exception {
    String value = words(10_000);
    var unused = put(value, "Content-Type: text/plain");

    client.send(bare("GET /k", ("Accept-Encoding: " + coding).split("~", -1)));

    assertThat(unzipped(client.answer())).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "identity",
        "br",
        "gzip;q=0",
        "gzip;q=0.000",
        "gzip;q=2",
        "gzip;q=x",
        "*;q=0",
        "gzip;q=0, *",
        "identity, gzip;q=0.5",
        "gzipped"
      })
  void otherClientsGetItAsItIs(String coding) throws Exception {
    String value = words(10_000);
    String tag = put(value, "Content-Type: text/plain");

    client.send(bare("GET /k", "Accept-Encoding: " + coding));

    Answer answer = client.answer();
    assertPlain(answer, value, tag);
    assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
  }

  @ParameterizedTest
  @CsvSource({
    "image/png, 20000",
    "application/octet-stream, 20000",
    "text/plain, " + (MIN - 1),
    "text/plain, " + (MAX + 1)
  })
  void otherValuesStayAsTheyAre(String type, int length) throws Exception {
    String value = words(length);
    String tag = put(value, "Content-Type: " + type);

    client.send(bare("GET /k", GZIP));

    Answer answer = client.answer();
    assertPlain(answer, value, tag);
    assertThat(answer.field("Vary")).isNull();
  }

  @Test
  void textThatGainsNothingStaysAsItIs() throws Exception {
    byte[] noise = new byte[10_000];
    new Random(1).nextBytes(noise);
    String value = new String(noise, ISO_8859_1);
    String tag = put(value, "Content-Type: text/plain");

    client.send(bare("GET /k", GZIP));

    assertPlain(client.answer(), value, tag);
  }

  @Test
  void partsAreOfTheValueAsItIs() throws Exception {
    String value = words(10_000);
    String tag = put(value, "Content-Type: text/plain");

    client.send(
        bare("GET /k", GZIP, "Range: bytes=5-9")
            + bare("GET /k", GZIP, "Range: bytes=5-9", "If-Range: " + tag)
            + bare("GET /k", GZIP, "Range: bytes=5-9", "If-Range: " + compressed(tag)));

    for (int i = 0; i < 2; i++) {
      Answer part = client.answer();
      assertThat(part.status()).isEqualTo(206);
      assertThat(new String(part.body(), ISO_8859_1)).isEqualTo(value.substring(5, 10));
      assertThat(part.field("Content-Encoding")).isNull();
      assertThat(part.field("ETag")).isEqualTo(tag);
      assertThat(part.field("Vary")).isEqualTo("Accept-Encoding");
    }
    assertThat(unzipped(client.answer())).isEqualTo(value);
  }

  @Test
  void clientThatHasItCompressedIsNotSentItAgain() throws Exception {
    String value = words(10_000);
    String tag = put(value, "Content-Type: text/plain");
    String has = "If-None-Match: " + compressed(tag);

    client.send(
        bare("GET /k", GZIP, has)
            + bare("GET /k", GZIP, "If-None-Match: " + tag)
            + bare("GET /k", GZIP, has + ", " + tag)
            + bare("GET /k", has));

    for (String known : new String[] {compressed(tag), tag, tag}) {
      Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(304);
      assertThat(answer.field("ETag")).isEqualTo(known);
      assertThat(answer.field("Vary")).isEqualTo("Accept-Encoding");
    }
    assertPlain(client.answer(), value, tag);
  }

  private String put(String value, String type) throws IOException {
    client.send(with(value, "PUT /k", type));
    return client.answer().field("ETag");
  }

  private static String words(int length) {
    StringBuilder words = new StringBuilder();
    Random random = new Random(length);
    while (words.length() < length) {
      words.append("word ").append(random.nextInt(1000)).append('\n');
    }
    return words.substring(0, length);
  }

  private static String compressed(String tag) {
    return tag.substring(0, tag.length() - 1) + "-gzip\"";
  }

  private static String unzipped(Answer answer) throws IOException {
    assertThat(answer.field("Content-Encoding")).isEqualTo("gzip");
    try (var in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  private static void assertPlain(Answer answer, String value, String tag) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Encoding")).isNull();
    assertThat(answer.field("ETag")).isEqualTo(tag);
    assertThat(new String(answer.body(), ISO_8859_1)).isEqualTo(value);
  }
}
