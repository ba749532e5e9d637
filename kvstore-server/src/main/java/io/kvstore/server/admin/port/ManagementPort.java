package io.kvstore.server.admin.port;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The listener of the management port. It has an event loop of its own, so that it responds however
 * busy the others are, and is open before and after the store.
 */
public final class ManagementPort implements AutoCloseable {
  /** The limit of connections; excess ones are closed at once. */
  public static final int MAX_CONNECTIONS = 64;

  /** The limit of the body, which is a value that has been edited. */
  static final int MAX_BODY_BYTES = 1 << 20;

  /** The limit of the request line: a key of full length in a query, every byte escaped. */
  static final int MAX_LINE_BYTES = (3 << 16) + (8 << 10);

  static final int MAX_HEADER_BYTES = 16 << 10;

  /** How long a client may take to read a response and send its next request. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration STOP_TIME = Duration.ofSeconds(2);

  private final EventLoopGroup loop;
  private final Channel listener;
  private final ChannelGroup connections;

  private ManagementPort(EventLoopGroup loop, Channel listener, ChannelGroup connections) {
    this.loop = loop;
    this.listener = listener;
    this.connections = connections;
  }

  /**
   * Binds the address and accepts connections.
   *
   * @throws IOException if the address can't be bound
   */
  public static ManagementPort open(
      InetSocketAddress address,
      ManagementRoutes routes,
      Duration patience,
      Consumer<Channel> first)
      throws IOException {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("kvstore-management", true), NioIoHandler.newFactory());
    ChannelGroup connections =
        new DefaultChannelGroup("management", GlobalEventExecutor.INSTANCE, true);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Pipeline(routes, patience, first, connections))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stop(loop);
      throw new IOException(
          "can't listen on "
              + address.getAddress().getHostAddress()
              + " port "
              + address.getPort()
              + " for management: "
              + bound.cause().getMessage(),
          bound.cause());
    }
    return new ManagementPort(loop, bound.channel(), connections);
  }

  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final ManagementRoutes routes;
    private final Duration patience;
    private final Consumer<Channel> first;
    private final ChannelGroup connections;

    Pipeline(
        ManagementRoutes routes,
        Duration patience,
        Consumer<Channel> first,
        ChannelGroup connections) {
      this.first = first;
      this.routes = routes;
      this.patience = patience;
      this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (connections.size() >= MAX_CONNECTIONS) {
        var unused = channel.close();
        return;
      }
      connections.add(channel);
      first.accept(channel);
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(
                  new HttpDecoderConfig()
                      .setMaxInitialLineLength(MAX_LINE_BYTES)
                      .setMaxHeaderSize(MAX_HEADER_BYTES)
                      .setStrictLineParsing(true)
                      .setUseRfc9112TransferEncoding(true)
                      .setAllowDuplicateContentLengths(false)),
              new HttpServerKeepAliveHandler(),
              new HttpObjectAggregator(MAX_BODY_BYTES, true),
              new FlowControlHandler(),
              new ManagementConnection(routes, patience));
    }
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    stop(loop);
  }

  private static void stop(EventLoopGroup loop) {
    loop.shutdownGracefully(0, STOP_TIME.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
