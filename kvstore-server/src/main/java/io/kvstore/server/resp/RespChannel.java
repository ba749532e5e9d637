package io.kvstore.server.resp;

import io.kvstore.KvStore;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline of every connection that speaks the Redis protocol, and the connections that are
 * open:
 *
 * <pre>
 *   socket -&gt; (first) -&gt; IdleWatch -&gt; RespConnection: RequestParser -&gt; Dispatch -&gt; RespCommand -&gt; store
 *   socket &lt;- (first) &lt;-              RespConnection: RespReplies  &lt;-
 * </pre>
 */
public final class RespChannel extends ChannelInitializer<Channel> {
  private final Server server;
  private final Function<Channel, @Nullable ChannelHandler> first;
  private final ChannelGroup connections =
      new DefaultChannelGroup("resp", GlobalEventExecutor.INSTANCE, true);

  /**
   * Serves {@code store}, which whoever opened it closes, after the last connection.
   *
   * @param first makes what stands between a connection's socket and everything else, such as TLS;
   *     or null for nothing
   */
  public RespChannel(
      KvStore<byte[], byte[]> store,
      RespLimits limits,
      Access access,
      Function<Channel, @Nullable ChannelHandler> first) {
    this.server = new Server(store, limits, access);
    this.first = first;
  }

  @Override
  protected void initChannel(Channel channel) {
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(
                RespLimits.RESUME_PENDING_BYTES, RespLimits.MAX_PENDING_BYTES));
    // A client that shuts its side after the last command still gets its replies.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    ChannelHandler outermost = first.apply(channel);
    if (outermost != null) {
      channel.pipeline().addLast(outermost);
    }
    RespConnection connection = new RespConnection(server);
    channel.pipeline().addLast(new IdleWatch(connection, server.limits()), connection);
    connections.add(channel);
  }

  /**
   * Lets every connection finish the command it is at, then closes it; those that take longer than
   * {@code limit} are closed all the same. To be called once no more connections are accepted.
   */
  public void drain(Duration limit) {
    for (Channel channel : connections) {
      @Nullable RespConnection connection = channel.pipeline().get(RespConnection.class);
      if (connection != null) {
        channel.eventLoop().execute(connection::drain);
      }
    }
    connections.newCloseFuture().awaitUninterruptibly(limit.toMillis(), TimeUnit.MILLISECONDS);
    connections.close().awaitUninterruptibly();
  }
}
