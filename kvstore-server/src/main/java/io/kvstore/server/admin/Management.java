package io.kvstore.server.admin;

import io.kvstore.KvStoreException;
import io.kvstore.StoreListener;
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
 * What runs beside the store for those who run the server: open before the store is, and until
 * after it is closed.
 */
public final class Management implements AutoCloseable {
  private static final int WORKERS = 2;

  /** Requests that wait for one of the workers; more are refused. */
  private static final int MAX_WAITING = ManagementPort.MAX_CONNECTIONS;

  private static final Duration WORKERS_LIFE = Duration.ofSeconds(30);

  private final Health health;
  private final ExecutorService workers;
  private final ManagementPort port;

  private Management(Health health, ExecutorService workers, ManagementPort port) {
    this.health = health;
    this.workers = workers;
    this.port = port;
  }

  /**
   * Listens, and answers that the store is being opened.
   *
   * @param first puts what comes before everything else, such as TLS, into a connection's pipeline
   * @throws IOException if the address can't be listened on
   */
  public static Management open(InetSocketAddress address, Guard guard, Consumer<Channel> first)
      throws IOException {
    Health health = new Health();
    ExecutorService workers = workers();
    Routes routes =
        new Routes(address.getAddress(), guard, workers)
            .add("GET", "/health/live", Route.of(exchange -> health.live()))
            .add("GET", "/health/ready", Route.of(exchange -> health.ready()));
    try {
      return new Management(
          health, workers, ManagementPort.open(address, routes, ManagementPort.PATIENCE, first));
    } catch (IOException | RuntimeException e) {
      workers.shutdown();
      throw e;
    }
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
    return health;
  }

  /** To be told of what the store does. */
  public StoreListener listener() {
    return new StoreListener() {
      @Override
      public void onWriteFailure(KvStoreException cause) {
        health.refusesWrites(String.valueOf(cause.getMessage()));
      }
    };
  }

  @Override
  public void close() {
    port.close();
    workers.shutdownNow();
  }
}
