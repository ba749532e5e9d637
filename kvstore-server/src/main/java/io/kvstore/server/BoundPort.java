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

/** A port that is listened on; its connections are served by event loops that others use too. */
final class BoundPort {
  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 1024;

  private final Channel channel;

  private BoundPort(Channel channel) {
    this.channel = channel;
  }

  /**
   * Listens on a port.
   *
   * @param connections the handler that initializes each connection
   * @throws IOException if it can't be listened on
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

  /** Returns the address; its port is a real one even if any free one was asked for. */
  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Accepts no more connections; those that are open stay. */
  void close() {
    channel.close().awaitUninterruptibly();
  }
}
