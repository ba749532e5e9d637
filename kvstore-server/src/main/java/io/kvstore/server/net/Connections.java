package io.kvstore.server.net;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The open connections of a listener. Safe for use by any thread. */
public final class Connections {
  private static final AttributeKey<ManagedConnection> CONNECTION =
      AttributeKey.valueOf(Connections.class, "connection");

  private final ChannelGroup open;
  private final AtomicLong accepted = new AtomicLong();
  private volatile boolean draining;

  /**
   * @param name the protocol, for messages
   */
  public Connections(String name) {
    open = new DefaultChannelGroup(name, GlobalEventExecutor.INSTANCE, true);
  }

  /** Adds a connection; called on its event loop. */
  public void add(Channel channel, ManagedConnection connection) {
    channel.attr(CONNECTION).set(connection);
    accepted.incrementAndGet();
    open.add(channel);
    if (draining) {
      // The connection was accepted just before drain, and may have been added too late for it.
      channel.eventLoop().execute(connection::drain);
    }
  }

  /** The number of open connections. */
  public int size() {
    return open.size();
  }

  /** The number of connections accepted so far. */
  public long accepted() {
    return accepted.get();
  }

  /**
   * Lets every connection finish its current request, then closes it; after {@code limit},
   * connections are closed in any case. Must be called after the listener has stopped accepting.
   */
  public void drain(Duration limit) {
    draining = true;
    for (Channel channel : open) {
      channel.eventLoop().execute(channel.attr(CONNECTION).get()::drain);
    }
    open.newCloseFuture().awaitUninterruptibly(limit.toMillis(), TimeUnit.MILLISECONDS);
    open.close().awaitUninterruptibly();
  }
}
