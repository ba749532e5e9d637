package io.kvstore.server.resp;

import io.kvstore.KvStore;
import io.kvstore.server.net.Budgets;
import io.kvstore.server.net.Connections;
import io.kvstore.server.net.IdleTimer;
import io.kvstore.server.net.ManagedConnection;
import io.kvstore.server.net.PacedWriter;
import io.kvstore.server.net.Traffic;
import io.kvstore.server.resp.command.Commands;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.session.Authentication;
import io.kvstore.server.resp.session.RespContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The initializer of RESP connections, and the connections that are open. Their pipeline:
 *
 * <pre>
 *   socket -&gt; (first) -&gt; IdleTimer -&gt; RespConnection
 *     -&gt; CommandLoop -&gt; CommandExecution -&gt; RespCommand -&gt; store
 *
 *   socket &lt;- (first) &lt;- PacedWriter &lt;- ReplyWriter &lt;- CommandLoop
 * </pre>
 */
public final class RespChannel extends ChannelInitializer<Channel> {
  /** The outcome of a command with at least one error in its reply. */
  public static final int ERROR = RespContext.ERROR;

  private final RespContext context;
  private final Consumer<Channel> first;
  private final Connections connections = new Connections("resp");

  /**
   * Serves {@code store}, which the caller closes after the last connection.
   *
   * @param first adds the handlers that must come first in a connection's pipeline, such as TLS
   * @param memory the memory budgets of all connections
   */
  public RespChannel(
      KvStore<byte[], byte[]> store,
      RespLimits limits,
      Authentication authentication,
      Consumer<Channel> first,
      Budgets memory) {
    this.context = new RespContext(Commands.table(), store, limits, authentication, memory);
    this.first = first;
  }

  @Override
  protected void initChannel(Channel channel) {
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(
                RespLimits.RESUME_PENDING_BYTES, RespLimits.MAX_PENDING_BYTES));
    // A client that shuts down its sending side after the last command still gets its replies.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    first.accept(channel);
    PacedWriter queue = new PacedWriter(context.sending().share());
    RespConnection connection = new RespConnection(context, queue, context.traffic().meter());
    RespLimits limits = context.limits();
    ManagedConnection.Patience patience =
        new ManagedConnection.Patience(limits.stallTime(), limits.idleTime());
    channel.pipeline().addLast(queue, new IdleTimer(connection, patience), connection);
    connections.add(channel, connection);
  }

  /** The traffic; an outcome is 0, or {@link #ERROR}. */
  public Traffic traffic() {
    return context.traffic();
  }

  public Connections connections() {
    return connections;
  }

  /** Closes all connections, as {@link Connections#drain} does. */
  public void drain(Duration limit) {
    connections.drain(limit);
  }
}
