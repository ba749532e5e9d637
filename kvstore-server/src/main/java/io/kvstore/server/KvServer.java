package io.kvstore.server;

import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.codec.Codecs;
import io.kvstore.server.http.HttpChannel;
import io.kvstore.server.http.HttpLimits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An open store and the port it is served on. Opened in that order, closed in the other. */
final class KvServer implements AutoCloseable {
  /** How long a stop waits for requests under way. */
  static final Duration DRAIN_TIME = Duration.ofSeconds(10);

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 1024;

  private static final Duration LOOPS_STOP_TIME = Duration.ofSeconds(5);

  private final KvStore<byte[], byte[]> store;
  private final EventLoopGroup loops;
  private final HttpChannel http;
  private final Channel listener;

  private KvServer(
      KvStore<byte[], byte[]> store, EventLoopGroup loops, HttpChannel http, Channel listener) {
    this.store = store;
    this.loops = loops;
    this.http = http;
    this.listener = listener;
  }

  /**
   * Opens the store and serves it.
   *
   * @throws KvStoreException if the store can't be opened
   * @throws IOException if the port can't be listened on
   */
  static KvServer start(ServerConfig config) throws IOException {
    KvStore<byte[], byte[]> store =
        KvStore.builder(Codecs.bytes(), Codecs.bytes())
            .directory(config.dataDir())
            .durability(config.durability())
            .syncInterval(config.syncInterval())
            .maxValueBytes(config.maxValueBytes())
            .open();
    try {
      return serve(store, config, HttpLimits.of(config.maxValueBytes()));
    } catch (IOException | RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /** Serves a store that is open, and closes it in the end. */
  static KvServer serve(KvStore<byte[], byte[]> store, ServerConfig config, HttpLimits limits)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(config.bind(), config.port());
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(config.eventLoops(), NioIoHandler.newFactory());
    HttpChannel http = new HttpChannel(store, limits);
    ChannelFuture bound = bootstrap(loops, http).bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      stop(loops);
      throw new IOException(
          "can't listen on "
              + address.getAddress().getHostAddress()
              + " port "
              + config.port()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    return new KvServer(store, loops, http, bound.channel());
  }

  private static ServerBootstrap bootstrap(EventLoopGroup loops, HttpChannel http) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(http);
  }

  /** Where the server listens; the port is a real one even if any free one was asked for. */
  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  KvStore<byte[], byte[]> store() {
    return store;
  }

  /**
   * Accepts no more connections, finishes the requests under way, within {@link #DRAIN_TIME}, and
   * closes the store.
   */
  @Override
  public void close() {
    try {
      listener.close().awaitUninterruptibly();
      http.drain(DRAIN_TIME);
      stop(loops);
    } finally {
      store.close();
    }
  }

  private static void stop(EventLoopGroup loops) {
    loops
        .shutdownGracefully(0, LOOPS_STOP_TIME.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
  }
}
