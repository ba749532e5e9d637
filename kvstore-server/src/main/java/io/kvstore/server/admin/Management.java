package io.kvstore.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.StoreListener;
import io.kvstore.server.admin.metrics.Health;
import io.kvstore.server.admin.metrics.LogErrors;
import io.kvstore.server.admin.metrics.Metrics;
import io.kvstore.server.admin.metrics.ServedContext;
import io.kvstore.server.admin.metrics.ServerInfo;
import io.kvstore.server.admin.metrics.StatsRoute;
import io.kvstore.server.admin.metrics.StoreEvents;
import io.kvstore.server.admin.port.Authorizer;
import io.kvstore.server.admin.port.ManagementPort;
import io.kvstore.server.admin.port.ManagementRoutes;
import io.kvstore.server.admin.port.Reply;
import io.kvstore.server.admin.port.Route;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The management side of a server: open before the store is, and until after it is closed. */
public final class Management implements AutoCloseable {
  private static final int WORKERS = 2;

  /** Requests that wait for one of the workers; more are refused. */
  private static final int MAX_WAITING = ManagementPort.MAX_CONNECTIONS;

  private static final Duration WORKERS_LIFE = Duration.ofSeconds(30);

  private final Parts parts;
  private final ExecutorService workers;
  private final ManagementPort port;

  private Management(Parts parts, ExecutorService workers, ManagementPort port) {
    this.parts = parts;
    this.workers = workers;
    this.port = port;
  }

  /** What answers. */
  record Parts(
      Health health,
      StoreEvents events,
      LogErrors log,
      Metrics metrics,
      StatsRoute stats,
      EntryRoute entries) {

    static Parts of(ServerInfo info) {
      Health health = new Health();
      StoreEvents events = new StoreEvents(health);
      LogErrors log = LogErrors.listen();
      return new Parts(
          health,
          events,
          log,
          new Metrics(info, health, events),
          new StatsRoute(info, health, log.errors()),
          new EntryRoute());
    }

    void close() {
      metrics.close();
      log.close();
    }
  }

  /**
   * Listens, and answers that the store is being opened.
   *
   * @param first puts what comes before everything else, such as TLS, into a connection's pipeline
   * @throws IOException if the address can't be listened on
   */
  public static Management open(
      InetSocketAddress address, Authorizer authorizer, Consumer<Channel> first, ServerInfo info)
      throws IOException {
    ExecutorService workers = workers();
    Parts parts = Parts.of(info);
    ManagementRoutes routes =
        routes(parts, new ManagementRoutes(address.getAddress(), authorizer, workers));
    try {
      return new Management(
          parts, workers, ManagementPort.open(address, routes, ManagementPort.PATIENCE, first));
    } catch (IOException | RuntimeException e) {
      workers.shutdown();
      parts.close();
      throw e;
    }
  }

  /** The route table. */
  static ManagementRoutes routes(Parts parts, ManagementRoutes routes) {
    Dashboard dashboard = Dashboard.assemble();
    Reply openapi = Reply.ok("application/json", Resources.text("openapi.json").getBytes(UTF_8));
    return routes
        .add("GET", "/", Route.of(exchange -> dashboard.page()))
        .add("GET", "/health/live", Route.of(exchange -> parts.health().live()))
        .add("GET", "/health/ready", Route.of(exchange -> parts.health().ready()))
        .add("GET", "/openapi.json", Route.of(exchange -> openapi))
        .add("GET", "/metrics", Route.of(exchange -> parts.metrics().scrape()))
        .add("GET", "/api/stats", Route.of(exchange -> parts.stats().stats()))
        .add("GET", "/api/entries", Route.of(parts.entries()::page))
        .add("GET", "/api/entry", Route.of(parts.entries()::entry))
        .add("PUT", "/api/entry", parts.entries()::put)
        .add("DELETE", "/api/entry", parts.entries()::delete);
  }

  private static ExecutorService workers() {
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            WORKERS_LIFE.toSeconds(),
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread thread = new Thread(task, "kvstore-management-worker");
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  /** Where it listens; the port is a real one even if any free one was asked for. */
  public InetSocketAddress address() {
    return port.address();
  }

  /** To be told of what the server is at. */
  public Health health() {
    return parts.health();
  }

  /** Counts and shows what is served now, and says that it is. */
  public void serve(ServedContext served) {
    parts.metrics().serve(served);
    parts.stats().serve(served);
    parts.entries().serve(served.store());
    parts.health().serving();
  }

  /** To be told of what the store does. */
  public StoreListener listener() {
    return parts.events();
  }

  @Override
  public void close() {
    port.close();
    workers.shutdownNow();
    parts.close();
  }
}
