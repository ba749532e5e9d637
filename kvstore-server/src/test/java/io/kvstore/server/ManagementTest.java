package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.testing.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The management port of a whole server. */
class ManagementTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir private Path directory;

  private KvServer start(Map<String, String> more) throws IOException {
    Map<String, String> flags = new HashMap<>(more);
    flags.putIfAbsent("management-port", "0");
    flags.put("port", "0");
    flags.put("data-dir", directory.resolve("data").toString());
    return KvServer.start(ServerConfig.of(flags, Map.of()));
  }

  private HttpResponse<String> get(InetSocketAddress address, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void serverThatServesIsLiveAndReady() throws Exception {
    try (KvServer server = start(Map.of())) {
      assertThat(get(server.managementAddress(), "/health/live").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = get(server.managementAddress(), "/health/ready");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body()).contains("\"ready\"");
    }
  }

  @Test
  void nobodyListensAfterAStop() throws Exception {
    InetSocketAddress address;
    try (KvServer server = start(Map.of())) {
      address = server.managementAddress();
    }

    assertThatThrownBy(() -> get(address, "/health/live")).isInstanceOf(IOException.class);
  }

  @Test
  void portThatWasAskedForAndIsTakenEndsTheStart() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThatThrownBy(() -> start(Map.of("management-port", port)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(port + " for management");
    }
    try (KvServer server = start(Map.of())) {
      assertThat(server.store().size()).isZero();
    }
  }

  @Test
  void readyLineSaysWhereTheDashboardIs() throws Exception {
    try (ServerProcess server =
        ServerProcess.run(
            Map.of("KVSTORE_MANAGEMENT_PORT", "0"),
            "--port",
            "0",
            "--data-dir",
            directory.resolve("data").toString())) {
      assertThat(server.ready().group()).contains(", dashboard on http://127.0.0.1:");
    }
  }
}
