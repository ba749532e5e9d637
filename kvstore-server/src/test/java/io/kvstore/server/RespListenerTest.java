package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The whole server with HTTP and the Redis protocol. */
class RespListenerTest {
  @TempDir Path directory;

  private KvServer start(Path password) throws IOException {
    return KvServer.start(
        ServerConfig.of(
            Map.of(
                "port",
                "0",
                "management-port",
                "off",
                "resp-port",
                "0",
                "resp-password-file",
                password.toString(),
                "data-dir",
                directory.resolve("data").toString()),
            Map.of()));
  }

  @Test
  void bothDoorsLeadToTheSameEntriesAlsoAfterAStop() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "secret\n");
    try (KvServer server = start(password);
        Jedis jedis = new Jedis("127.0.0.1", server.respAddress().getPort())) {
      jedis.auth("secret");
      jedis.set("hello", "world");
      URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/hello");

      HttpResponse<String> found =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());

      assertThat(found.body()).isEqualTo("world");
    }
    try (KvServer server = start(password);
        Jedis jedis = new Jedis("127.0.0.1", server.respAddress().getPort())) {
      jedis.auth("secret");
      assertThat(jedis.get("hello")).isEqualTo("world");
    }
  }

  @Test
  void passwordFileWithoutAPasswordIsRejected() throws IOException {
    Path password = Files.writeString(directory.resolve("password"), "\n");

    assertThatThrownBy(() -> start(password))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no password in the first line of");
  }
}
