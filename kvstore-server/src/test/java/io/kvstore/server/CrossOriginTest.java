package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What web pages may do, told by the header fields that browsers send. */
class CrossOriginTest {
  private static final String APP = "https://app.example";
  private static final String BODY = "{\"value\":\"planted\"}";

  private final DelegatingStore store = new DelegatingStore();

  @TempDir private Path directory;
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(store, Map.of("allowed-origins", APP + ",http://localhost:5173"));
    client = server.connect();
    client.send(with("old", "PUT /k"));
    client.answer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private int status(String request) throws Exception {
    client.send(request);
    return client.answer().status();
  }

  private String value() throws Exception {
    client.send(bare("GET /k"));
    return client.answer().text();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: http://localhost:3001",
        "Origin: null",
        "Origin: ",
        "Origin: http://a.evil.example",
        "Origin: https://app.example.evil.example",
        "Origin: https://app.example:8443",
        "Origin: http://app.example",
        "Origin: https://app.example, https://evil.example",
        "Origin: https://app.example\r\nOrigin: https://evil.example",
        "Origin: http://a\r\nOrigin: http://a",
        "Origin: http://a\r\nSec-Fetch-Site: cross-site",
        "Origin: https://evil.example\r\nSec-Fetch-Site: same-origin",
        "Origin: https://evil.example\r\nSec-Fetch-Site: none",
        "Sec-Fetch-Site: cross-site",
        "SEC-FETCH-SITE: same-site",
        "sec-fetch-site: Cross-Site",
        "Sec-Fetch-Site: whatever",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
      })
  void pageOfAnotherOriginIsRejected(String fields) throws Exception {
    for (String type : new String[] {"Accept: */*", "Content-Type: text/plain", "X: y"}) {
      assertThat(status(with(BODY, "POST /k", type, fields))).isEqualTo(403);
      assertThat(status(bare("GET /k", type, fields))).isEqualTo(403);
    }
    assertThat(status(with("[]", "POST /?batch", fields))).isEqualTo(403);
    assertThat(status(with("x", "PUT /k", fields))).isEqualTo(403);
    assertThat(status(bare("POST /n?increment=1", fields))).isEqualTo(403);
    assertThat(status(bare("DELETE /k", fields))).isEqualTo(403);
    assertThat(status(bare("GET /none", fields))).isEqualTo(403);
    assertThat(status(bare("GET /?limit=9", fields))).isEqualTo(403);
    assertThat(status(bare("GET /?watch", fields))).isEqualTo(403);
    assertThat(status(bare("OPTIONS /k", fields))).isEqualTo(403);
    assertThat(status(bare("GET /k", "Upgrade: websocket", "Connection: Upgrade", fields)))
        .isEqualTo(403);
    client.send(bare("HEAD /k", fields));
    assertThat(client.headAnswer().status()).isEqualTo(403);
    assertThat(status(bare("PUT /k", fields, "Transfer-Encoding: chunked") + "1\r\nx\r\n0\r\n\r\n"))
        .isEqualTo(403);
    assertThat(value()).isEqualTo("old");
  }

  @Test
  void rejectedPageIsNotAskedForItsBody() throws Exception {
    client.send(bare("PUT /k", "Origin: null", "Expect: 100-continue", "Content-Length: 3"));

    assertThat(client.answer().status()).isEqualTo(403);
    assertThat(client.closed()).isTrue();
  }

  @Test
  void rejectedPageIsNotToldWhatIsThere() throws Exception {
    client.send(bare("GET /k", "Origin: https://evil.example", "Accept: application/json"));
    Answer there = client.answer();
    client.send(bare("GET /none", "Origin: https://evil.example", "Accept: application/json"));
    Answer missing = client.answer();

    assertThat(there.text()).isEqualTo(missing.text()).contains("--allowed-origins");
    assertThat(there.field("Access-Control-Allow-Origin")).isNull();
    assertThat(there.field("Vary")).isEqualTo("Origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept: */*",
        "Origin: http://a",
        "Origin: https://A",
        "Origin: http://a\r\nSec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none",
        "Sec-Fetch-Site: same-origin",
        "Origin: https://app.example",
        "Origin: https://app.example\r\nSec-Fetch-Site: cross-site",
        "Origin: http://localhost:5173\r\nSec-Fetch-Site: same-site",
      })
  void otherRequestsAreServed(String fields) throws Exception {
    assertThat(status(with(BODY, "POST /k", fields))).isEqualTo(200);
    assertThat(value()).isEqualTo("planted");
    assertThat(status(bare("GET /k", fields))).isEqualTo(200);
    assertThat(status(bare("GET /?limit=9", fields))).isEqualTo(200);
    assertThat(status(bare("OPTIONS /k", fields))).isEqualTo(204);
    assertThat(status(bare("DELETE /k", fields))).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /k, navigate, document, 200",
    "GET /k, navigate, iframe, 403",
    "GET /k, navigate, frame, 403",
    "GET /k, navigate, embed, 403",
    "GET /k, navigate, object, 403",
    "GET /k, no-cors, script, 403",
    "GET /k, no-cors, image, 403",
    "GET /k, no-cors, document, 403",
    "GET /k, websocket, empty, 403",
    "POST /k, navigate, document, 403",
    "DELETE /k, navigate, document, 403",
  })
  void linkMayLeadToAnEntry(String line, String mode, String destination, int status)
      throws Exception {
    assertThat(
            status(
                with(
                    "",
                    line,
                    "Sec-Fetch-Site: cross-site",
                    "Sec-Fetch-Mode: " + mode,
                    "Sec-Fetch-Dest: " + destination)))
        .isEqualTo(status);
  }

  @Test
  void allowedPageMayReadTheResponse() throws Exception {
    for (String line :
        new String[] {"GET /k", "GET /none", "GET /?limit=9", "DELETE /k", "GET /?limit=x"}) {
      client.send(bare(line, "Origin: " + APP));
      Answer answer = client.answer();

      assertThat(answer.field("Access-Control-Allow-Origin")).as(line).isEqualTo(APP);
      assertThat(answer.field("Access-Control-Expose-Headers")).contains("ETag", "Kvstore-Ttl-Ms");
      assertThat(answer.field("Access-Control-Allow-Credentials")).isNull();
      assertThat(answer.field("Vary")).isEqualTo("Origin");
    }
    client.send(bare("GET /none"));
    Answer next = client.answer();
    assertThat(next.field("Access-Control-Allow-Origin")).isNull();
    assertThat(next.field("Vary")).isEqualTo("Origin");
  }

  @Test
  void preflightOfAnAllowedPageIsGranted() throws Exception {
    for (String target : new String[] {"/k", "/?batch", "/?watch", "/?limit=1"}) {
      client.send(
          bare(
              "OPTIONS " + target,
              "Origin: " + APP,
              "Access-Control-Request-Method: PUT",
              "Access-Control-Request-Headers: content-type,if-match",
              "Sec-Fetch-Site: cross-site",
              "Sec-Fetch-Mode: cors"));
      Answer answer = client.answer();

      assertThat(answer.status()).as(target).isEqualTo(204);
      assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo(APP);
      assertThat(answer.field("Access-Control-Allow-Methods")).contains("PUT", "DELETE");
      assertThat(answer.field("Access-Control-Allow-Headers"))
          .contains("Authorization", "Content-Type", "If-Match", "Last-Event-ID", "*");
      assertThat(answer.field("Access-Control-Max-Age")).isEqualTo("3600");
      assertThat(answer.field("Access-Control-Allow-Credentials")).isNull();
      assertThat(answer.field("Vary")).isEqualTo("Origin");
    }
  }

  @Test
  void tokenReplacesTheCheckOfHostAndIsNeededByNoPreflight() throws Exception {
    Path tokens = Files.writeString(directory.resolve("t"), "w rw 0123456789abcdef0123 *\n");
    Map<String, String> flags =
        Map.of("allowed-origins", APP, "token-file", tokens.toString(), "allowed-hosts", "b");
    try (TestServer guarded = TestServer.start(flags);
        RawClient page = guarded.connect()) {
      page.send(bare("OPTIONS /k", "Origin: " + APP, "Access-Control-Request-Method: GET"));
      assertThat(page.answer().status()).isEqualTo(204);

      page.send(bare("OPTIONS /k", "Origin: " + APP));
      Answer unauthorized = page.answer();
      assertThat(unauthorized.status()).isEqualTo(401);
      assertThat(unauthorized.field("Access-Control-Allow-Origin")).isEqualTo(APP);

      page.send(bare("GET /k", "Authorization: Bearer 0123456789abcdef0123"));
      assertThat(page.answer().status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:3000", "127.0.0.1.evil.example", "evil"})
  void hostThatAPageMayHaveRebound(String host) throws Exception {
    for (String more : new String[] {"", "X: y\r\n"}) {
      assertThat(status("GET /k HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n"))
          .isEqualTo(421);
      String length = "Content-Length: " + BODY.length() + "\r\n\r\n";
      assertThat(status("POST /k HTTP/1.1\r\nHost: " + host + "\r\n" + more + length + BODY))
          .isEqualTo(421);
    }
    assertThat(status("GET http://" + host + "/k HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(421);
    assertThat(value()).isEqualTo("old");
  }

  @Test
  void hostOfARequestBeforeIsNoLongerAcceptedThan() throws Exception {
    assertThat(status("GET /k HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(200);
    assertThat(status("GET /k HTTP/1.1\r\nHost: b\r\n\r\n")).isEqualTo(421);
    assertThat(status("GET /k HTTP/1.1\r\nHost: localhost:3000\r\n\r\n")).isEqualTo(200);
    assertThat(status("GET /k HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /page", "GET /k", "GET /none", "GET /?limit=9", "GET /"})
  void nothingThatIsStoredRunsInTheOriginOfTheServer(String line) throws Exception {
    client.send(with("<script>x</script>", "PUT /page", "Content-Type: text/html"));
    client.answer();

    for (String more : new String[] {"Accept: */*", "X: y"}) {
      client.send(bare(line, more));
      Answer answer = client.answer();

      assertThat(answer.field("Content-Security-Policy"))
          .contains("default-src 'none'", "sandbox", "frame-ancestors 'none'")
          .doesNotContain("allow-");
      assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.field("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }
  }

  @Test
  void compressedBodyIsRejectedWhereverItIsSaid() throws Exception {
    String[][] all = {
      {"Content-Encoding: identity", "Content-Encoding: gzip"},
      {"Content-Encoding: gzip", "Content-Encoding: identity"},
      {"Content-Encoding: identity, gzip"},
      {"Content-Encoding: GZIP"},
    };
    for (String[] fields : all) {
      assertThat(status(with("v", "PUT /k", fields))).isEqualTo(415);
      assertThat(status(with("no JSON", "POST /k", fields))).isEqualTo(415);
    }
    assertThat(value()).isEqualTo("old");
    assertThat(status(with("v", "PUT /k", "Content-Encoding: Identity , identity"))).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"te xt\\r\\nX: y", "text/html\\r\\nX: y", "text", "", "text/plain;"})
  void mediaTypeInABatchIsWellFormed(String type) throws Exception {
    String put =
        "[{\"op\":\"put\",\"key\":\"k\",\"value\":\"v\",\"contentType\":\"" + type + "\"}]";
    client.send(with(put, "POST /?batch"));
    Answer answer = client.answer();

    boolean isValid = type.equals("text/plain;"); // an empty parameter is allowed
    assertThat(answer.status()).isEqualTo(isValid ? 200 : 400);
    assertThat(store.behind().entry("k".getBytes(UTF_8)).label()).isEqualTo(isValid ? type : null);
  }
}
