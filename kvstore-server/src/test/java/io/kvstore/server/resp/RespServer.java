package io.kvstore.server.resp;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.net.Budgets;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.session.Authentication;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The Redis protocol in this process, on a port of its own. */
public final class RespServer implements AutoCloseable {
  static final int MAX_VALUE_BYTES = 1 << 20;
  public static final int MAX_RECEIVING_BYTES = 1 << 28;
  public static final int MAX_SENDING_BYTES = 1 << 28;
  private static final int LOOPS = 2;

  private final KvStore<byte[], byte[]> store;
  private final EventLoopGroup loops;
  private final RespChannel connections;
  private final Channel listener;

  private RespServer(
      KvStore<byte[], byte[]> store, RespLimits limits, Authentication authentication) {
    this.store = store;
    this.loops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
    this.connections = new RespChannel(store, limits, authentication, channel -> {}, memory());
    this.listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(connections)
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  static Budgets memory() {
    return new Budgets(new ReceiveBudget(MAX_RECEIVING_BYTES), new SendBudget(MAX_SENDING_BYTES));
  }

  public static RespLimits limits() {
    return RespLimits.of(MAX_VALUE_BYTES, RespLimits.MAX_CONNECTIONS, Duration.ZERO);
  }

  static KvStore<byte[], byte[]> store() {
    return KvStore.builder(Codecs.bytes(), Codecs.bytes()).maxValueBytes(MAX_VALUE_BYTES).open();
  }

  /** Serves an empty store in memory. */
  static RespServer start() {
    return start(store());
  }

  static RespServer start(KvStore<byte[], byte[]> store) {
    return new RespServer(store, limits(), Authentication.OPEN);
  }

  static RespServer start(RespLimits limits, Authentication authentication) {
    return new RespServer(store(), limits, authentication);
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  KvStore<byte[], byte[]> served() {
    return store;
  }

  RespClient connect() throws IOException {
    return RespClient.connect(port());
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    connections.drain(Duration.ofSeconds(5));
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    store.close();
  }
}
