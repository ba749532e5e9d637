package io.kvstore.server.net;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The connections that are open. For any thread. */
public final class Connections {
  private static final AttributeKey<ManagedConnection> CONNECTION =
      AttributeKey.valueOf(Connections.class, "connection");

  private final ChannelGroup open;
  private final AtomicLong accepted = new AtomicLong();
  private volatile boolean draining;

  /**
   * @param name for messages
   */
  public Connections(String name) {
    open = new DefaultChannelGroup(name, GlobalEventExecutor.INSTANCE, true);
  }

  /** Adds one; on its event loop. */
  public void add(Channel channel, ManagedConnection connection) {
    channel.attr(CONNECTION).set(connection);
    accepted.incrementAndGet();
    open.add(channel);
    if (draining) {
      // It was accepted just before, and may have come too late for drain to find it.
      channel.eventLoop().execute(connection::drain);
    }
  }

  /** How many there are now. */
  public int size() {
    return open.size();
  }

  /** How many there have been. */
  public long accepted() {
    return accepted.get();
  }

  /**
   * Lets every connection finish what it is at, then closes it; those that take longer than {@code
   * limit} are closed all the same. To be called once no more connections are accepted.
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
