package io.kvstore.server;

import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.KvStoreException;
import io.kvstore.codec.Codecs;
import io.kvstore.server.admin.Management;
import io.kvstore.server.admin.metrics.EndpointMetrics;
import io.kvstore.server.admin.metrics.ServedContext;
import io.kvstore.server.admin.metrics.ServerInfo;
import io.kvstore.server.config.ManagementConfig;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.config.StoreConfig;
import io.kvstore.server.http.HttpChannel;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.net.LoopReceiveBuffer;
import io.kvstore.server.net.SpinBeforeSelect;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An open store, the ports it is served on, and the management port. That is opened first and
 * closed last; the store before its listeners, and closed after them.
 */
final class KvServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 1024;

  private static final Duration LOOPS_STOP_TIME = Duration.ofSeconds(5);

  private final KvStore<byte[], byte[]> store;
  private final ServerConfig config;
  private final ConnectionServices services;
  private final EventLoopGroup loops;
  private final HttpChannel http;
  private final Channel listener;
  private final @Nullable RespListener resp;
  private @Nullable Management management;

  private KvServer(
      KvStore<byte[], byte[]> store,
      ServerConfig config,
      ConnectionServices services,
      EventLoopGroup loops,
      HttpChannel http,
      Channel listener,
      @Nullable RespListener resp) {
    this.store = store;
    this.config = config;
    this.services = services;
    this.loops = loops;
    this.http = http;
    this.listener = listener;
    this.resp = resp;
  }

  /**
   * Opens the store and serves it.
   *
   * @throws KvStoreException if the store can't be opened
   * @throws IOException if a port can't be listened on, or a file can't be used
   */
  static KvServer start(ServerConfig config) throws IOException {
    ConnectionServices services = ConnectionServices.open(config);
    Management management = null;
    try {
      management = manage(config, services);
      KvServer server = openAndServe(config, services, management);
      server.management = management;
      return server;
    } catch (IOException | RuntimeException | Error e) {
      if (management != null) {
        management.close();
      }
      services.close();
      throw e;
    }
  }

  private static @Nullable Management manage(ServerConfig server, ConnectionServices services)
      throws IOException {
    ManagementConfig config = server.management();
    if (config == null) {
      return null;
    }
    try {
      return Management.open(
          new InetSocketAddress(config.bind(), config.port()),
          services.guard(config.bind()),
          services.first(config.bind()),
          facts(server.store()));
    } catch (IOException e) {
      if (config.isAskedFor()) {
        throw e;
      }
      LOG.log(Level.WARNING, "There is no management port: {0}", e.getMessage());
      return null;
    }
  }

  private static KvServer openAndServe(
      ServerConfig config, ConnectionServices services, @Nullable Management management)
      throws IOException {
    KvStore<byte[], byte[]> store = open(config.store(), management);
    try {
      KvServer server = serve(store, config, config.http(), services);
      if (management != null) {
        management.serve(server.served());
      }
      return server;
    } catch (IOException | RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private static KvStore<byte[], byte[]> open(StoreConfig config, @Nullable Management management) {
    KvStoreBuilder<byte[], byte[]> builder =
        KvStore.builder(Codecs.bytes(), Codecs.bytes())
            .directory(config.dataDir())
            .durability(config.durability())
            .syncInterval(config.syncInterval())
            .maxValueBytes(config.maxValueBytes());
    if (config.maxDiskBytes() != null) {
      builder.maxDiskBytes(config.maxDiskBytes());
    }
    if (config.ordered()) {
      builder.ordered();
    }
    if (management != null) {
      builder.openProgress(management.health()::opening).listener(management.listener());
    }
    return builder.open();
  }

  /** Serves a store that is open, and closes it in the end. */
  static KvServer serve(KvStore<byte[], byte[]> store, ServerConfig config, HttpLimits limits)
      throws IOException {
    ConnectionServices services = ConnectionServices.open(config);
    try {
      return serve(store, config, limits, services);
    } catch (IOException | RuntimeException | Error e) {
      services.close();
      throw e;
    }
  }

  private static KvServer serve(
      KvStore<byte[], byte[]> store,
      ServerConfig config,
      HttpLimits limits,
      ConnectionServices services)
      throws IOException {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            config.eventLoops(),
            NioIoHandler.newFactory(SelectorProvider.provider(), SpinBeforeSelect::new));
    try {
      RespListener resp =
          config.resp() == null ? null : RespListener.open(store, config, services, loops);
      HttpChannel http = new HttpChannel(store, limits, services.http());
      Channel listener = listen(loops, http, new InetSocketAddress(config.bind(), config.port()));
      return new KvServer(store, config, services, loops, http, listener, resp);
    } catch (IOException | RuntimeException | Error e) {
      stop(loops);
      throw e;
    }
  }

  /**
   * Listens on a port.
   *
   * @param connections what every connection is given to
   * @throws IOException if it can't be listened on
   */
  static Channel listen(EventLoopGroup loops, ChannelHandler connections, InetSocketAddress address)
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
    return bound.channel();
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

  private static ServerInfo facts(StoreConfig config) {
    return new ServerInfo(
        Flags.version(),
        config.dataDir().toAbsolutePath().normalize().toString(),
        config.durability().name().toLowerCase(Locale.ROOT),
        Instant.now());
  }

  private ServedContext served() {
    List<EndpointMetrics> endpoints = new ArrayList<>();
    endpoints.add(
        new EndpointMetrics("http", http.traffic(), http.connections(), HttpChannel.FIRST_FAILURE));
    if (resp != null) {
      endpoints.add(resp.metrics());
    }
    return new ServedContext(store, endpoints, loops);
  }

  /** Where the server listens; the port is a real one even if any free one was asked for. */
  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Where it speaks the Redis protocol, or null. */
  @Nullable InetSocketAddress respAddress() {
    return resp == null ? null : resp.address();
  }

  /** Where those who run it look after it, or null. */
  @Nullable InetSocketAddress managementAddress() {
    return management == null ? null : management.address();
  }

  /** How much memory is taken by requests that have not come whole. */
  long receivingBytes() {
    return services.receiving().taken();
  }

  /** Reads the files that have changed, now. */
  void lookAtFiles() {
    services.files().look();
  }

  KvStore<byte[], byte[]> store() {
    return store;
  }

  /**
   * Accepts no more connections, finishes the requests under way, within the time for that, and
   * closes the store.
   */
  @Override
  public void close() {
    try (Management last = management) {
      if (last != null) {
        last.health().draining();
      }
      closeListenersAndStore();
    }
  }

  private void closeListenersAndStore() {
    try {
      listener.close().awaitUninterruptibly();
      if (resp != null) {
        resp.close();
      }
      http.drain(config.drainTime());
      stop(loops);
      services.close();
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
