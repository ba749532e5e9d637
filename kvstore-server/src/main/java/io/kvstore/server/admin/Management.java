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
import io.kvstore.server.admin.port.ManagementAccess;
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

/**
 * The management side of a server: the management port, its routes and its metrics. Open from
 * before the store is opened until after it is closed.
 */
public final class Management implements AutoCloseable {
  private static final int WORKERS = 2;

  /** The limit of requests that wait for a worker; excess ones are rejected. */
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

  /** The sources of the responses. */
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
   * Opens the management port, which reports that the store is being opened.
   *
   * @param first adds the handlers that must come first in the pipeline of a connection, such as
   *     TLS
   * @throws IOException if the address can't be bound
   */
  public static Management open(
      InetSocketAddress address, ManagementAccess access, Consumer<Channel> first, ServerInfo info)
      throws IOException {
    ExecutorService workers = workers();
    Parts parts = Parts.of(info);
    ManagementRoutes routes = routes(parts, new ManagementRoutes(access, workers));
    try {
      return new Management(
          parts, workers, ManagementPort.open(address, routes, ManagementPort.PATIENCE, first));
    } catch (IOException | RuntimeException e) {
      workers.shutdown();
      parts.close();
      throw e;
    }
  }

  /** Adds all routes to a route table. */
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

  /** Returns the bound address, with the actual port if port 0 was requested. */
  public InetSocketAddress address() {
    return port.address();
  }

  /** Returns the health, which the server updates. */
  public Health health() {
    return parts.health();
  }

  /** Reports metrics and entries of an open store from now on, and that it is served. */
  public void serve(ServedContext served) {
    parts.metrics().serve(served);
    parts.stats().serve(served);
    parts.entries().serve(served.store());
    parts.health().serving();
  }

  /** Returns the listener for the store's events. */
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
