package io.kvstore.server.http;

import io.kvstore.KvStore;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline of every connection that speaks HTTP, and the connections that are open:
 *
 * <pre>
 *   socket -&gt; IdleWatch -&gt; RequestDecoder -&gt; HttpConnection -&gt; EntryRoutes -&gt; store
 *   socket &lt;-                 ResponseWriter &lt;-
 * </pre>
 */
public final class HttpChannel extends ChannelInitializer<Channel> {
  private final EntryRoutes routes;
  private final HttpLimits limits;
  private final ChannelGroup connections =
      new DefaultChannelGroup("http", GlobalEventExecutor.INSTANCE, true);
  private volatile boolean draining;

  /** Serves {@code store}, which whoever opened it closes, after the last connection. */
  public HttpChannel(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.routes = new EntryRoutes(store, limits);
    this.limits = limits;
  }

  @Override
  protected void initChannel(Channel channel) {
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(
                HttpLimits.RESUME_PENDING_BYTES, HttpLimits.MAX_PENDING_BYTES));
    // A client that shuts its side after the last request still gets its answers.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    HttpConnection connection = new HttpConnection(routes, limits);
    channel.pipeline().addLast(new IdleWatch(connection, limits), connection.decoder(), connection);
    connections.add(channel);
    if (draining) {
      // It was accepted just before, and may have come too late for drain to find it.
      channel.eventLoop().execute(connection::drain);
    }
  }

  /**
   * Lets every connection finish the request it is at, then closes it; those that take longer than
   * {@code limit} are closed all the same. To be called once no more connections are accepted.
   */
  public void drain(Duration limit) {
    draining = true;
    for (Channel channel : connections) {
      @Nullable HttpConnection connection = channel.pipeline().get(HttpConnection.class);
      if (connection != null) {
        channel.eventLoop().execute(connection::drain);
      }
    }
    connections.newCloseFuture().awaitUninterruptibly(limit.toMillis(), TimeUnit.MILLISECONDS);
    connections.close().awaitUninterruptibly();
  }
}
