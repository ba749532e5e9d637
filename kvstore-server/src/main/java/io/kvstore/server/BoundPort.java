package io.kvstore.server;

import io.kvstore.server.net.LoopReceiveBuffer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A bound server port. Its connections are served by shared event loops. */
final class BoundPort {
  /** The length of the queue of connections that have not been accepted. */
  private static final int BACKLOG = 1024;

  private final Channel channel;

  private BoundPort(Channel channel) {
    this.channel = channel;
  }

  /**
   * Binds a port and accepts connections.
   *
   * @param connections the handler that initializes each connection
   * @throws IOException if the port can't be bound
   */
  static BoundPort open(EventLoopGroup loops, ChannelHandler connections, InetSocketAddress address)
      throws IOException {
    ChannelFuture bound = bootstrap(loops, connections).bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "can't listen on "
              + address.getAddress().getHostAddress()
              + " port "
              + address.getPort()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    return new BoundPort(bound.channel());
  }

  private static ServerBootstrap bootstrap(EventLoopGroup loops, ChannelHandler connections) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, new LoopReceiveBuffer())
        .childHandler(connections);
  }

  /** Returns the bound address, with the actual port if port 0 was requested. */
  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Stops accepting connections; open ones stay. */
  void close() {
    channel.close().awaitUninterruptibly();
  }
}
