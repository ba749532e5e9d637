package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP contract of entries, as an ordinary client sees it. */
class ContractTest {
  private static final int KEYS_PER_CLIENT = 100;
  private static final String ALLOWED = "GET, HEAD, PUT, POST, DELETE, OPTIONS";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void postedValueIsReadBackAsItIs() throws Exception {
    HttpResponse<String> posted = post("/hello", "{\"value\":\"world\"}");

    assertThat(posted.statusCode()).isEqualTo(200);
    assertThat(posted.body()).isEmpty();
    HttpResponse<String> read = get("/hello");
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.body()).isEqualTo("world");
    assertThat(read.headers().firstValue("Content-Length")).contains("5");
    assertThat(read.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(read.headers().firstValue("Content-Type")).contains("application/octet-stream");
  }

  @Test
  void unknownKeyIsNotFound() throws Exception {
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void deleteRemovesAndNeverMinds() throws Exception {
    var unused = post("/k", "{\"value\":\"v\"}");

    assertThat(send("DELETE", "/k", new byte[0]).statusCode()).isEqualTo(200);
    assertThat(get("/k").statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "/k", new byte[0]).statusCode()).isEqualTo(200);
  }

  @Test
  void otherBodyIsRejectedAndChangesNothing() throws Exception {
    var unused = post("/k", "{\"value\":\"old\"}");

    HttpResponse<String> rejected = post("/k", "{\"value\":7}");

    assertThat(rejected.statusCode()).isEqualTo(400);
    assertThat(rejected.body()).contains("not a string").endsWith(".\n");
    assertThat(get("/k").body()).isEqualTo("old");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 16 << 10, (16 << 10) + 1, 200_000, TestServer.MAX_VALUE_BYTES})
  void putKeepsEveryByte(int length) throws Exception {
    byte[] value = new byte[length];
    new Random(length).nextBytes(value);

    HttpResponse<byte[]> put = send("PUT", "/bytes", value);

    assertThat(put.statusCode()).isEqualTo(201);
    HttpResponse<byte[]> read = send("GET", "/bytes", new byte[0]);
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.body()).isEqualTo(value);
  }

  @Test
  void headSaysWhatGetWouldWithoutTheValue() throws Exception {
    var unused = send("PUT", "/k", new byte[12_345]);

    HttpResponse<byte[]> head = send("HEAD", "/k", new byte[0]);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Length")).contains("12345");
    assertThat(send("HEAD", "/nothing", new byte[0]).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATCH", "TRACE", "FOO", "get", "options"})
  void otherMethodsGetTheAllowedOnes(String method) throws Exception {
    HttpResponse<byte[]> answer = send(method, "/k", new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/k", "/", "*", "http://a/k?b"})
  void optionsTellWhatIsAllowed(String target) throws Exception {
    try (RawClient raw = server.connect()) {
      raw.send("OPTIONS " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");

      Answer answer = raw.answer();
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.field("Allow")).isEqualTo(ALLOWED);
      assertThat(answer.field("Access-Control-Allow-Origin")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT a:80", "TRACE /k", "CONNECT *", "FOO *"})
  void whatIsForProxiesIsRejected(String line) throws Exception {
    try (RawClient raw = server.connect()) {
      raw.send(line + " HTTP/1.1\r\nHost: a\r\n\r\nGET /k HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(raw.answer().status()).isEqualTo(405);
      assertThat(raw.answer().status()).isEqualTo(404);
    }
  }

  @Test
  void emptyKeyExplainsTheServerUntilItHasAValue() throws Exception {
    HttpResponse<String> guide = get("/");
    assertThat(guide.statusCode()).isEqualTo(404);
    assertThat(guide.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    assertThat(guide.body().lines().filter(line -> line.contains("curl"))).hasSize(3);

    var unused = post("/", "{\"value\":\"root\"}");
    assertThat(get("/").body()).isEqualTo("root");

    assertThat(send("DELETE", "/", new byte[0]).statusCode()).isEqualTo(200);
    assertThat(get("/").statusCode()).isEqualTo(404);
  }

  @Test
  void pathsThatLookAlikeAreDifferentKeys() throws Exception {
    List<String> paths =
        List.of("/a/b", "//a/b", "/a//b", "/a/b/", "/a/./b", "/x/../a/b", "/a%252Fb", "/A/b", "/");
    for (String path : paths) {
      var unused = post(path, "{\"value\":\"" + path + "\"}");
    }

    for (String path : paths) {
      assertThat(get(path).body()).isEqualTo(path);
    }
    assertThat(get("/a%2Fb").body()).as("an escaped slash is a slash").isEqualTo("/a/b");
    assertThat(get("/a/b?query=1").body()).as("the query is no part").isEqualTo("/a/b");
  }

  @Test
  void keysAndValuesAreUtf8() throws Exception {
    var unused = post("/%C3%A9%F0%9F%98%80", "{\"value\":\"é😀\"}");

    assertThat(get("/%c3%a9%f0%9f%98%80").body()).isEqualTo("é😀");
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100})
  void clientsReadWhatTheyHaveWritten(int clients) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int c = 0; c < clients; c++) {
        int id = c;
        work.add(() -> writeAndRead(id));
      }
      int exact = 0;
      for (Future<Integer> done : threads.invokeAll(work)) {
        exact += done.get();
      }
      assertThat(exact).isEqualTo(clients * KEYS_PER_CLIENT);
    } finally {
      threads.shutdownNow();
    }
  }

  private int writeAndRead(int id) throws Exception {
    int exact = 0;
    for (int i = 0; i < KEYS_PER_CLIENT; i++) {
      String path = "/client" + id + "-" + i;
      String value = "value " + id + " of " + i;
      HttpResponse<String> posted = post(path, "{\"value\": \"" + value + "\"}");
      HttpResponse<String> read = get(path);
      if (posted.statusCode() == 200 && read.statusCode() == 200 && read.body().equals(value)) {
        exact++;
      }
    }
    return exact;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String json) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(json)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<byte[]> send(String method, String path, byte[] body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path))
            .method(
                method,
                body.length == 0 && !method.equals("PUT")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private URI uri(String path) {
    return server.uri(path);
  }
}
