package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error responses as text, and as problem details in JSON. */
class ErrorResponseTest {
  private static final String NOT_FOUND =
      "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
          + "\"detail\":\"There is no value under this key.\"}\n";

  @AutoClose private final TestServer server = TestServer.start();
  private final RawClient client = server.connect();

  ErrorResponseTest() throws IOException {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/problem+json",
        "application/json",
        "application/*",
        "Application/JSON;charset=utf-8",
        "application/json, text/plain, */*",
        "text/html, application/json;q=0.5",
        "text/plain;q=0.5, application/json;q=0.7",
        "*/*~Accept: application/json"
      })
  void programsGetJson(String accept) throws Exception {
    client.send(bare("GET /k", ("Accept: " + accept).split("~", -1)));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(404);
    assertThat(rejected.field("Content-Type")).isEqualTo("application/problem+json");
    assertThat(rejected.field("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(rejected.field("Cache-Control")).isEqualTo("no-cache");
    assertThat(rejected.text()).isEqualTo(NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "",
        "text/plain",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/json;q=0",
        "application/json;q=0.5, text/plain",
        "application/octet-stream"
      })
  void peopleGetASentence(String accept) throws Exception {
    client.send(bare("GET /k", "Accept: " + accept) + bare("GET /k"));

    for (int i = 0; i < 2; i++) {
      Answer rejected = client.answer();
      assertThat(rejected.status()).isEqualTo(404);
      assertThat(rejected.field("Content-Type")).isEqualTo("text/plain; charset=utf-8");
      assertThat(rejected.text()).isEqualTo("There is no value under this key.\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /% | 400 | Bad Request",
        "PUT /k?ttl=\"\\ | 400 | Bad Request",
        "PATCH /k | 405 | Method Not Allowed",
        "DELETE /k | 412 | Precondition Failed",
        "POST /k | 415 | Unsupported Media Type",
      })
  void everyErrorResponseCanBeCaused(String line, int status, String title) throws Exception {
    String[] fields = {
      "Accept: application/json", "If-Match: *", "Content-Type: image/png",
    };
    client.send(with("", line, fields));

    Answer rejected = client.answer();
    assertThat(rejected.status()).isEqualTo(status);
    assertThat(rejected.field("Allow") != null).isEqualTo(status == 405);
    assertThat(rejected.text())
        .startsWith(
            "{\"type\":\"about:blank\",\"title\":\""
                + title
                + "\",\"status\":"
                + status
                + ",\"detail\":\"")
        .endsWith(".\"}\n");
  }

  @Test
  void sentenceIsEscaped() throws Exception {
    client.send(with("", "PUT /k?ttl=\"%5C%0A%C3%A9", "Accept: application/json"));

    assertThat(client.answer().text()).contains("The ttl \\\"\\\"\\\\\\né\\\" is not");
  }

  @Test
  void fatalErrorResponseCanBeCausedToo() throws Exception {
    client.send(
        "PUT /k HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\nContent-Length: 9999999\r\n\r\n");

    assertThat(client.answer().text()).contains("\"status\":413").endsWith("}\n");
    assertThat(client.closed()).isTrue();
  }

  @Test
  void headHasNoProblemInIt() throws Exception {
    client.send(bare("HEAD /k", "Accept: application/json") + bare("GET /k"));

    Answer rejected = client.headAnswer();
    assertThat(rejected.status()).isEqualTo(404);
    assertThat(rejected.field("Content-Length")).isEqualTo("" + NOT_FOUND.length());
    assertThat(client.answer().status()).isEqualTo(404);
  }
}
