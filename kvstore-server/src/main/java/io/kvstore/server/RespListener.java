package io.kvstore.server;

import io.kvstore.KvStore;
import io.kvstore.server.admin.metrics.EndpointMetrics;
import io.kvstore.server.auth.TokenFile;
import io.kvstore.server.config.RespConfig;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.resp.RespChannel;
import io.kvstore.server.resp.session.Authentication;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The listener of the Redis protocol, on event loops that it shares with HTTP. */
final class RespListener implements AutoCloseable {
  private final RespChannel connections;
  private final BoundPort port;
  private final Duration drainTime;

  private RespListener(RespChannel connections, BoundPort port, Duration drainTime) {
    this.connections = connections;
    this.port = port;
    this.drainTime = drainTime;
  }

  /**
   * Binds the port of {@link ServerConfig#resp} and accepts connections.
   *
   * @throws IOException if the port can't be bound, or the first line of the password file is empty
   */
  static RespListener open(
      KvStore<byte[], byte[]> store,
      ServerConfig config,
      ConnectionServices services,
      EventLoopGroup loops)
      throws IOException {
    RespConfig resp = Objects.requireNonNull(config.resp());
    RespChannel connections =
        new RespChannel(
            store,
            resp.limits(),
            authentication(resp.passwordFile(), services.tokens()),
            services.first(),
            services.memory());
    InetSocketAddress address = new InetSocketAddress(config.bind(), resp.port());
    return new RespListener(
        connections, BoundPort.open(loops, connections, address), config.drainTime());
  }

  private static Authentication authentication(
      @Nullable Path passwordFile, @Nullable TokenFile tokens) throws IOException {
    if (tokens == null) {
      return passwordFile == null ? Authentication.OPEN : password(passwordFile);
    }
    Authentication byToken = Authentication.tokens(tokens);
    return passwordFile == null ? byToken : Authentication.either(password(passwordFile), byToken);
  }

  private static Authentication password(Path passwordFile) throws IOException {
    String firstLine = Files.readString(passwordFile).lines().findFirst().orElse("");
    if (firstLine.isEmpty()) {
      throw new IOException("no password in the first line of " + passwordFile);
    }
    return Authentication.password(firstLine.getBytes(StandardCharsets.UTF_8));
  }

  EndpointMetrics metrics() {
    return new EndpointMetrics(
        "resp", connections.traffic(), connections.connections(), RespChannel.ERROR);
  }

  InetSocketAddress address() {
    return port.address();
  }

  /** Stops accepting connections, and finishes the current commands. */
  @Override
  public void close() {
    port.close();
    connections.drain(drainTime);
  }
}
