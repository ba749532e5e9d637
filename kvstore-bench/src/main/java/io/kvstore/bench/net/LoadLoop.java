package io.kvstore.bench.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One load thread, with its connections, its keys and its part of the load. Methods are for its
 * event loop only, unless they say otherwise.
 */
final class LoadLoop {
  /** Timeout for a response, and for a server that is not reachable. */
  static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Connections that are being made at the same time, so that no server's queue overflows. */
  private static final int MAX_CONNECTING = 64;

  private static final long RECONNECT_MILLIS = 100;
  private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final EventLoop eventLoop;
  private final Bootstrap bootstrap;
  private final Protocol protocol;
  private final Ledger ledger;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Connection> written = new ArrayList<>();
  private final CompletableFuture<Void> allConnected = new CompletableFuture<>();
  private final AtomicBoolean wakePending = new AtomicBoolean();
  private final AtomicLong done = new AtomicLong();
  private volatile long wakeAtNanos = System.nanoTime();
  private CompletableFuture<Void> end = new CompletableFuture<>();
  private Work work = new FillWork(0);
  private long checkedNanos = System.nanoTime();
  private long connectedNanos = System.nanoTime();
  private int connecting;
  private int connected;
  private int underWay;
  private boolean closed;

  LoadLoop(EventLoop eventLoop, Bootstrap bootstrap, Protocol protocol, Ledger ledger) {
    this.eventLoop = eventLoop;
    this.bootstrap = bootstrap.clone().group(eventLoop);
    this.protocol = protocol;
    this.ledger = ledger;
  }

  /** Makes so many connections; for any thread, once. */
  CompletableFuture<Void> connect(int count, int pipeline) {
    eventLoop.execute(
        () -> {
          for (int number = 0; number < count; number++) {
            connections.add(new Connection(this, number, pipeline));
          }
          for (int number = 0; number < Math.min(count, MAX_CONNECTING); number++) {
            connectNext();
          }
        });
    return allConnected;
  }

  private void connectNext() {
    if (connecting < connections.size()) {
      Connection connection = connections.get(connecting++);
      connection
          .connect(bootstrap, protocol)
          .addListener(
              made -> {
                if (made.isSuccess()) {
                  connectNext();
                } else {
                  allConnected.completeExceptionally(made.cause());
                }
              });
    }
  }

  /** Starts a part of the run, and completes when all of it has been answered; for any thread. */
  CompletableFuture<Void> run(Work newWork, Period period, Tally tally) {
    CompletableFuture<Void> newEnd = new CompletableFuture<>();
    eventLoop.execute(
        () -> {
          work = newWork;
          ledger.open(period, tally);
          end = newEnd;
          long now = System.nanoTime();
          for (Connection connection : connections) {
            connection.pump(now);
            connection.flush();
          }
          wake(now);
        });
    return newEnd;
  }

  /** Returns how many operations have come to an end so far; for any thread. */
  long done() {
    return done.get();
  }

  /** Hangs up; for any thread. */
  void close() {
    eventLoop.execute(
        () -> {
          closed = true;
          connections.forEach(Connection::close);
        });
  }

  /**
   * Has {@link #wake} called if it is time; for any thread.
   *
   * @return the nanoseconds until it is
   */
  long wakeIfDue(long nowNanos) {
    long left = wakeAtNanos - nowNanos;
    if (left <= 0 && !wakePending.getAndSet(true)) {
      eventLoop.execute(
          () -> {
            wakePending.set(false);
            wake(System.nanoTime());
          });
    }
    return Math.max(0, left);
  }

  /** Sends what has become due, and looks now and then whether all is well. */
  void wake(long nowNanos) {
    for (int due = work.nextDue(nowNanos); due >= 0; due = work.nextDue(nowNanos)) {
      Connection connection = connections.get(due);
      connection.pump(nowNanos);
      written.add(connection);
    }
    written.forEach(Connection::flush);
    written.clear();
    if (nowNanos - checkedNanos >= CHECK_NANOS) {
      checkedNanos = nowNanos;
      check(nowNanos);
    }
    if (underWay == 0 && !end.isDone() && work.isOver(nowNanos)) {
      ledger.close();
      end.complete(null);
    }
    wakeAtNanos = nowNanos + Math.min(CHECK_NANOS, work.nanosToNextDue(nowNanos));
  }

  private void check(long nowNanos) {
    connections.forEach(connection -> connection.checkTime(nowNanos));
    if (connected > 0) {
      connectedNanos = nowNanos;
    } else if (nowNanos - connectedNanos > MAX_WAIT_NANOS) {
      end.completeExceptionally(new LoadException("the server has gone, and not come back"));
    }
  }

  Work work() {
    return work;
  }

  Protocol protocol() {
    return protocol;
  }

  Ledger ledger() {
    return ledger;
  }

  void countSent() {
    underWay++;
  }

  void countDone() {
    underWay--;
    done.lazySet(done.get() + 1);
  }

  void connected() {
    connected++;
    if (connected == connections.size()) {
      allConnected.complete(null);
    }
  }

  void disconnected(Connection connection) {
    connected--;
    reconnectLater(connection);
  }

  private void reconnectLater(Connection connection) {
    if (!closed) {
      var unused =
          eventLoop.schedule(() -> reconnect(connection), RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void reconnect(Connection connection) {
    if (!closed) {
      connection
          .connect(bootstrap, protocol)
          .addListener(
              made -> {
                if (!made.isSuccess()) {
                  ledger.trouble("can't connect again");
                  reconnectLater(connection);
                }
              });
    }
  }
}
