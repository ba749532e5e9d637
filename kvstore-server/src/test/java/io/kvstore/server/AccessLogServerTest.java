package io.kvstore.server;

import static io.kvstore.server.testing.Requests.bare;
import static io.kvstore.server.testing.Requests.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log of a server: each answered HTTP request has its line. */
class AccessLogServerTest {
  private static final String TOKEN = "token-token-token";

  @TempDir private Path directory;

  @Test
  void linesTellOfRequestsInTheirOrder() throws IOException {
    Path file = directory.resolve("log");
    try (TestServer server =
            TestServer.start(Map.of("access-log", "combined", "access-log-file", file.toString()));
        RawClient client = server.connect()) {
      client.send(
          with("value", "PUT /k", "User-Agent: tester")
              + bare("GET /k", "Referer: http://a/")
              + bare("HEAD /k")
              + bare("GET /?limit=5")
              + bare("GET /none")
              + "what is this\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(201);
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.headAnswer().status()).isEqualTo(200);
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.closed()).isTrue();
    }

    List<String> lines = Files.readAllLines(file);
    assertThat(lines)
        .allMatch(line -> line.startsWith("127.0.0.1 - - ["))
        .map(line -> line.replaceFirst(".*?\\] ", ""))
        .map(line -> line.replaceFirst("( 200) [1-9]\\d+ (\"-\" \"-\")$", "$1 N $2"))
        .containsExactly(
            "\"PUT /k HTTP/1.1\" 201 0 \"-\" \"tester\"",
            "\"GET /k HTTP/1.1\" 200 5 \"http://a/\" \"-\"",
            "\"HEAD /k HTTP/1.1\" 200 0 \"-\" \"-\"",
            "\"GET /?limit=5 HTTP/1.1\" 200 N \"-\" \"-\"",
            "\"GET /none HTTP/1.1\" 404 34 \"-\" \"-\"",
            "\"-\" 400 50 \"-\" \"-\"");
  }

  @Test
  void userIsTheNameOfTheToken() throws IOException {
    Path file = directory.resolve("log");
    Path tokens = Files.writeString(directory.resolve("tokens"), "ann ro " + TOKEN + " *\n");
    try (TestServer server =
            TestServer.start(
                Map.of(
                    "access-log", "json",
                    "access-log-file", file.toString(),
                    "token-file", tokens.toString()));
        RawClient client = server.connect()) {
      client.send(bare("GET /k", "Authorization: Bearer " + TOKEN) + bare("GET /k"));
      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.answer().status()).isEqualTo(401);
    }

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("\"user\":\"ann\"", "\"status\":404").doesNotContain(TOKEN);
    assertThat(lines.get(1)).contains("\"status\":401").doesNotContain("user");
  }
}
