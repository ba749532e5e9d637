package io.kvstore.server;

import io.kvstore.KvStore;
import io.kvstore.server.config.RespConfig;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.resp.Access;
import io.kvstore.server.resp.RespChannel;
import io.kvstore.server.resp.RespLimits;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The port on which the Redis protocol is spoken, on event loops that others use too. */
final class RespDoor implements AutoCloseable {
  private final RespChannel connections;
  private final Channel listener;

  private RespDoor(RespChannel connections, Channel listener) {
    this.connections = connections;
    this.listener = listener;
  }

  /**
   * Serves a store.
   *
   * @throws IOException if the port can't be listened on, or there is no password in the file
   */
  static RespDoor open(
      KvStore<byte[], byte[]> store, ServerConfig config, RespConfig resp, EventLoopGroup loops)
      throws IOException {
    RespChannel connections =
        new RespChannel(
            store,
            RespLimits.of(config.store().maxValueBytes(), resp.idleTime()),
            access(resp.passwordFile()),
            channel -> null);
    InetSocketAddress address = new InetSocketAddress(config.bind(), resp.port());
    return new RespDoor(connections, KvServer.listen(loops, connections, address));
  }

  private static Access access(@Nullable Path passwordFile) throws IOException {
    if (passwordFile == null) {
      return Access.OPEN;
    }
    String firstLine = Files.readString(passwordFile).lines().findFirst().orElse("");
    if (firstLine.isEmpty()) {
      throw new IOException("there is no password in the first line of " + passwordFile);
    }
    return Access.password(firstLine.getBytes(StandardCharsets.UTF_8));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Accepts no more connections, and finishes what is under way. */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.drain(KvServer.DRAIN_TIME);
  }
}
