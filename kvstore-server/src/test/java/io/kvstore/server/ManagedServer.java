package io.kvstore.server;

import io.kvstore.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A whole server with all its ports, and a client of them. */
final class ManagedServer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final KvServer server;

  private ManagedServer(KvServer server) {
    this.server = server;
  }

  static ManagedServer start(Path directory) throws IOException {
    return start(directory, Map.of());
  }

  /** Starts it with more flags, names without dashes. */
  static ManagedServer start(Path directory, Map<String, String> more) throws IOException {
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "port", "0",
                "resp-port", "0",
                "management-port", "0",
                "event-loops", "2",
                "data-dir", directory.toString()));
    flags.putAll(more);
    return new ManagedServer(KvServer.start(ServerConfig.of(flags, Map.of())));
  }

  KvServer server() {
    return server;
  }

  URI main(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  URI managed(String path) {
    return URI.create("http://127.0.0.1:" + server.managementAddress().getPort() + path);
  }

  HttpResponse<String> get(URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  /** Sends a request with a body and header fields, names and values by turns. */
  HttpResponse<String> send(String method, URI uri, String body, String... fields)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
    if (fields.length > 0) {
      request.headers(fields);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.close();
  }
}
