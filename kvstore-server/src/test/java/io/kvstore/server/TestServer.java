package io.kvstore.server;

import io.kvstore.KvStore;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.testing.DelegatingStore;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server in this process, on a port of its own. */
public final class TestServer implements AutoCloseable {
  /** The flags of all servers; requests that are written out have a short Host. */
  private static final Map<String, String> FLAGS =
      Map.of(
          "port", "0",
          "event-loops", "2",
          "management-port", "off",
          "allowed-hosts", "a");

  public static final int MAX_VALUE_BYTES = 1 << 20;

  private final KvServer server;
  private final List<RawClient> clients = new CopyOnWriteArrayList<>();

  private TestServer(KvServer server) {
    this.server = server;
  }

  /** Serves an empty store in memory that takes values up to {@link #MAX_VALUE_BYTES}. */
  public static TestServer start() throws IOException {
    return start(new DelegatingStore());
  }

  public static TestServer start(DelegatingStore store) throws IOException {
    return start(store.changed());
  }

  public static TestServer start(KvStore<byte[], byte[]> store) throws IOException {
    return start(store, HttpLimits.of(MAX_VALUE_BYTES));
  }

  public static TestServer start(KvStore<byte[], byte[]> store, HttpLimits limits)
      throws IOException {
    ServerConfig config = ServerConfig.of(FLAGS, Map.of());
    return new TestServer(KvServer.serve(store, config, limits));
  }

  /** Serves an empty store in memory as flags say, names without dashes. */
  public static TestServer start(Map<String, String> flags) throws IOException {
    return start(new DelegatingStore(), flags);
  }

  public static TestServer start(DelegatingStore store, Map<String, String> flags)
      throws IOException {
    Map<String, String> all = new HashMap<>(FLAGS);
    all.putAll(flags);
    ServerConfig config = ServerConfig.of(all, Map.of());
    return new TestServer(KvServer.serve(store.changed(), config, config.http()));
  }

  /** A server that loses patience soon. */
  public static TestServer startImpatient(Duration idle, Duration delivery) throws IOException {
    return start(
        new DelegatingStore().changed(), HttpLimits.of(MAX_VALUE_BYTES).with(idle, delivery));
  }

  public InetSocketAddress address() {
    return server.address();
  }

  /** Where it speaks the Redis protocol. */
  public InetSocketAddress respAddress() {
    return Objects.requireNonNull(server.respAddress());
  }

  /** How much memory is taken by requests that have not come whole. */
  long receivingBytes() {
    return server.receivingBytes();
  }

  /** The memory budget for what is owed to clients. */
  SendBudget sending() {
    return server.sending();
  }

  /** Has it read the files that have changed. */
  public void lookAtFiles() {
    server.lookAtFiles();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + address().getPort() + path);
  }

  /** Returns a client on a new connection, which is closed before the server at the latest. */
  public RawClient connect() throws IOException {
    RawClient client = RawClient.connect(address());
    clients.add(client);
    return client;
  }

  /** Stops the server, and leaves what clients have received to them. */
  public void stop() {
    server.close();
  }

  /** Closes the clients, so that the server has none to wait for, and then the server. */
  @Override
  public void close() {
    for (RawClient client : clients) {
      try {
        client.close();
      } catch (IOException e) {
        throw new UncheckedIOException("can't close a client", e);
      }
    }
    server.close();
  }
}
