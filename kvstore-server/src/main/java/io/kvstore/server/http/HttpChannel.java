package io.kvstore.server.http;

import io.kvstore.KvStore;
import io.kvstore.server.net.Connections;
import io.kvstore.server.net.Door;
import io.kvstore.server.net.IdleWatch;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pipeline of every connection that speaks HTTP, and the connections that are open:
 *
 * <pre>
 *   socket -&gt; IdleWatch -&gt; RequestDecoder -&gt; HttpConnection -&gt; Routes -&gt; store
 *   socket &lt;-                 ResponseWriter &lt;-
 * </pre>
 */
public final class HttpChannel extends ChannelInitializer<Channel> {
  private final Routes routes;
  private final HttpLimits limits;
  private final Connections connections = new Connections("http");
  private final Map<EventLoop, PlainGet> plains = new ConcurrentHashMap<>();

  /** Serves {@code store}, which whoever opened it closes, after the last connection. */
  public HttpChannel(KvStore<byte[], byte[]> store, HttpLimits limits) {
    this.routes = new Routes(store, limits);
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
    PlainGet plain = plains.computeIfAbsent(channel.eventLoop(), loop -> new PlainGet());
    HttpConnection connection = new HttpConnection(routes, limits, plain);
    Door.Patience patience = new Door.Patience(limits.deliveryTime(), limits.idleTime());
    channel
        .pipeline()
        .addLast(new IdleWatch(connection, patience), connection.decoder(), connection);
    connections.add(channel, connection);
  }

  /** Ends all connections, as {@link Connections#drain} does. */
  public void drain(Duration limit) {
    connections.drain(limit);
  }
}
