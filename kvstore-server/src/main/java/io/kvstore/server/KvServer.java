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
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.net.SpinBeforeSelect;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
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
 * A running server: an open store, its listeners, and the management port. The management port is
 * opened first and closed last; the store is opened before its listeners, and closed after them.
 */
final class KvServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private static final Duration LOOPS_STOP_TIME = Duration.ofSeconds(5);

  private final KvStore<byte[], byte[]> store;
  private final ConnectionServices services;
  private final EventLoopGroup loops;
  private final HttpListener http;
  private final @Nullable RespListener resp;
  private @Nullable Management management;

  private KvServer(
      KvStore<byte[], byte[]> store,
      ConnectionServices services,
      EventLoopGroup loops,
      HttpListener http,
      @Nullable RespListener resp) {
    this.store = store;
    this.services = services;
    this.loops = loops;
    this.http = http;
    this.resp = resp;
  }

  /**
   * Opens a store and its listeners.
   *
   * @throws KvStoreException if the store can't be opened
   * @throws IOException if a port can't be bound, or a file can't be read
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
          services.access(config.bind(), server),
          services.first(config.bind()),
          info(server.store()));
    } catch (IOException e) {
      if (config.isAskedFor()) {
        throw e;
      }
      LOG.log(Level.WARNING, "The management port is not available: {0}", e.getMessage());
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

  /** Serves an open store, and closes it on {@link #close}. */
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
      HttpChannel connections = new HttpChannel(store, limits, services.http());
      HttpListener http = HttpListener.open(connections, config, loops);
      return new KvServer(store, services, loops, http, resp);
    } catch (IOException | RuntimeException | Error e) {
      stop(loops);
      throw e;
    }
  }

  private static ServerInfo info(StoreConfig config) {
    return new ServerInfo(
        Flags.version(),
        config.dataDir().toAbsolutePath().normalize().toString(),
        config.durability().name().toLowerCase(Locale.ROOT),
        Instant.now());
  }

  private ServedContext served() {
    List<EndpointMetrics> endpoints = new ArrayList<>();
    endpoints.add(http.metrics());
    if (resp != null) {
      endpoints.add(resp.metrics());
    }
    return new ServedContext(store, endpoints, loops, services.memory());
  }

  /** Returns the address of the main port, with the actual port if port 0 was requested. */
  InetSocketAddress address() {
    return http.address();
  }

  /** The address of the Redis protocol, or null if it is off. */
  @Nullable InetSocketAddress respAddress() {
    return resp == null ? null : resp.address();
  }

  /** The address of the management port, or null if it is off. */
  @Nullable InetSocketAddress managementAddress() {
    return management == null ? null : management.address();
  }

  /** Returns the memory that partially received requests hold. */
  long receivingBytes() {
    return services.memory().receiving().taken();
  }

  /** The memory budget for what is owed to clients. */
  SendBudget sending() {
    return services.memory().sending();
  }

  /** Reloads the files that have changed, without waiting for the next poll. */
  void lookAtFiles() {
    services.files().look();
  }

  KvStore<byte[], byte[]> store() {
    return store;
  }

  /**
   * Stops accepting connections, finishes the current requests within the drain time, and closes
   * the store.
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
      http.stopAccepting();
      if (resp != null) {
        resp.close();
      }
      http.drain();
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
