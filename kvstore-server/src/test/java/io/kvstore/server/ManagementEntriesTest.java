package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Entry;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry browser of the management port, as the dashboard uses it. */
class ManagementEntriesTest {
  private static final String WRITE = "kvstore-request";

  @TempDir private Path directory;

  private ManagedServer server;

  @BeforeEach
  void start() throws Exception {
    server = ManagedServer.start(directory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void put(String key, String value) {
    server.server().store().put(key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  private Entry<byte[], byte[]> entry(String key) {
    return server.server().store().entry(key.getBytes(UTF_8));
  }

  private HttpResponse<String> write(String method, String query, String body, String... fields)
      throws Exception {
    return server.send(method, server.managed("/api/entry?" + query), body, fields);
  }

  @Test
  void entriesAreFoundByPrefixInPages() throws Exception {
    put("a", "1");
    put("b1", "2");
    put("b2", "3");

    String all = server.get(server.managed("/api/entries?prefix=b")).body();

    assertThat(all).contains("\"b1\"", "\"b2\"").doesNotContain("\"a\"");
  }

  @Test
  void entryIsShownWithAllThereIsToIt() throws Exception {
    put("a", "1");

    assertThat(server.get(server.managed("/api/entry?key=a")).body())
        .matches(
            "\\{\"key\":\"a\",\"keyBase64\":\"YQ==\",\"bytes\":1,\"version\":\"1-[0-9a-v]{8}\","
                + "\"valueBase64\":\"MQ==\"\\}");
    assertThat(server.get(server.managed("/api/entry?key=%FF")).statusCode()).isEqualTo(404);
  }

  @Test
  void parametersAreReadAsOnTheMainPort() throws Exception {
    put("a b", "1");

    assertThat(server.get(server.managed("/api/entry?key=a+b")).statusCode()).isEqualTo(200);
    assertThat(server.get(server.managed("/api/entry?key=a%2Bb")).statusCode()).isEqualTo(404);
    HttpResponse<String> twice = server.get(server.managed("/api/entry?key=a&key=b"));
    assertThat(twice.statusCode()).isEqualTo(400);
    assertThat(twice.body()).contains("The parameter key is given more than once.");
  }

  @Test
  void newEntryIsStoredWithTypeAndDeadline() throws Exception {
    String query = "key=a%20b&label=text/plain&ttlMillis=60000";

    HttpResponse<String> answer = write("PUT", query, "1", WRITE, "1", "If-None-Match", "*");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(entry("a b").value()).isEqualTo("1".getBytes(UTF_8));
    assertThat(entry("a b").label()).isEqualTo("text/plain");
    assertThat(entry("a b").expiresAt()).isNotNull();
  }

  @Test
  void changeOfAVersionThatIsNoMoreIsRejected() throws Exception {
    put("a", "1");
    String seen = "\"" + entry("a").version() + "\"";
    put("a", "2");

    HttpResponse<String> edit = write("PUT", "key=a", "3", WRITE, "1", "If-Match", seen);
    HttpResponse<String> delete = write("DELETE", "key=a", "", WRITE, "1", "If-Match", seen);
    HttpResponse<String> create = write("PUT", "key=a", "3", WRITE, "1", "If-None-Match", "*");

    assertThat(edit.statusCode()).isEqualTo(412);
    assertThat(delete.statusCode()).isEqualTo(412);
    assertThat(create.statusCode()).isEqualTo(412);
    assertThat(entry("a").value()).isEqualTo("2".getBytes(UTF_8));
  }

  @Test
  void entryIsDeletedByItsVersion() throws Exception {
    put("a", "1");
    String seen = "\"" + entry("a").version() + "\"";

    assertThat(write("DELETE", "key=a", "", WRITE, "1", "If-Match", seen).statusCode())
        .isEqualTo(200);
    assertThat(entry("a")).isNull();
  }

  @Test
  void versionOfAnotherHistoryIsNoCondition() throws Exception {
    put("a", "1");

    assertThat(write("DELETE", "key=a", "", WRITE, "1", "If-Match", "\"1-00000000\"").statusCode())
        .isEqualTo(412);
    assertThat(write("DELETE", "key=a", "", WRITE, "1", "If-Match", "\"x\"").statusCode())
        .isEqualTo(400);
  }

  @Test
  void changeWithoutAConditionIsRejected() throws Exception {
    assertThat(write("PUT", "key=a", "1", WRITE, "1").statusCode()).isEqualTo(428);
    assertThat(entry("a")).isNull();
  }

  @Test
  void changeThatAPageFromElsewhereCouldSendIsRejected() throws Exception {
    assertThat(write("PUT", "key=a", "1", "If-None-Match", "*").statusCode()).isEqualTo(403);
    assertThat(
            write(
                    "PUT",
                    "key=a",
                    "1",
                    WRITE,
                    "1",
                    "If-None-Match",
                    "*",
                    "Origin",
                    "http://evil.example")
                .statusCode())
        .isEqualTo(403);
    assertThat(entry("a")).isNull();
  }

  @Test
  void requestUnderAForeignNameIsRejected() throws Exception {
    try (RawClient client = RawClient.connect(server.server().managementAddress())) {
      client.send("GET /api/stats HTTP/1.1\r\nHost: evil.example\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(421);
    }
  }

  @Test
  void wrongRequestIsAProblemInOneSentence() throws Exception {
    assertThat(server.get(server.managed("/api/entries?limit=0")).statusCode()).isEqualTo(400);
    assertThat(server.get(server.managed("/api/entry?other=1")).statusCode()).isEqualTo(400);
    assertThat(server.get(server.managed("/nothing")).statusCode()).isEqualTo(404);
    HttpResponse<String> post = server.send("POST", server.managed("/metrics"), "", WRITE, "1");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).hasValue("GET");
  }

  @Test
  void tooLongBodyIsRejected() throws Exception {
    HttpResponse<String> answer =
        write("PUT", "key=a", "x".repeat((1 << 20) + 1), WRITE, "1", "If-None-Match", "*");

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void requestMayComeInPieces() throws Exception {
    try (RawClient client = RawClient.connect(server.server().managementAddress())) {
      client.send("PUT /api/entry?key=a HTTP/1.1\r\nHost: localhost\r\nIf-None");
      server.get(server.managed("/health/live"));
      client.send("-Match: *\r\nkvstore-request: 1\r\nContent-Length: 2\r\n\r\n1");
      server.get(server.managed("/health/live"));
      client.send("2");

      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(entry("a").value()).isEqualTo("12".getBytes(UTF_8));
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    try (RawClient client = RawClient.connect(server.server().managementAddress())) {
      String host = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      client.send("GET /metrics" + host + "GET /health/live" + host + "GET /none" + host);

      Answer metrics = client.answer();
      assertThat(metrics.text()).contains("kvstore_ready 1.0");
      assertThat(client.answer().text()).contains("live");
      assertThat(client.answer().status()).isEqualTo(404);
    }
  }

  @Test
  void pageAllowsNothingButItself() throws Exception {
    HttpResponse<String> page = server.get(server.managed("/"));

    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(page.body()).doesNotContain("/*style*/").doesNotContain("/*script*/");
  }
}
