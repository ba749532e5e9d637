package io.kvstore.server;

import io.kvstore.server.admin.metrics.EndpointMetrics;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.http.HttpChannel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The listener of the main port, on event loops that it shares with the Redis protocol. */
final class HttpListener {
  private final HttpChannel connections;
  private final BoundPort port;
  private final Duration drainTime;

  private HttpListener(HttpChannel connections, BoundPort port, Duration drainTime) {
    this.connections = connections;
    this.port = port;
    this.drainTime = drainTime;
  }

  /**
   * Binds the main port and accepts connections.
   *
   * @throws IOException if the port can't be bound
   */
  static HttpListener open(HttpChannel connections, ServerConfig config, EventLoopGroup loops)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(config.bind(), config.port());
    return new HttpListener(
        connections, BoundPort.open(loops, connections, address), config.drainTime());
  }

  EndpointMetrics metrics() {
    return new EndpointMetrics(
        "http", connections.traffic(), connections.connections(), HttpChannel.FIRST_FAILURE);
  }

  InetSocketAddress address() {
    return port.address();
  }

  /** Stops accepting connections; open ones stay until they are drained. */
  void stopAccepting() {
    port.close();
  }

  /** Finishes the current requests within the drain time, and closes all connections. */
  void drain() {
    connections.drain(drainTime);
  }
}
