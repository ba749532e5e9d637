package io.kvstore.server.http;

import io.kvstore.KvStore;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.net.Connections;
import io.kvstore.server.net.IdleTimer;
import io.kvstore.server.net.ManagedConnection;
import io.kvstore.server.net.PacedWriter;
import io.kvstore.server.net.Traffic;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The initializer of HTTP connections, and the connections that are open. Their pipeline:
 *
 * <pre>
 *   socket -&gt; (first) -&gt; IdleTimer -&gt; RequestDecoder -&gt; HttpConnection
 *     -&gt; RequestExecution -&gt; Routes -&gt; store
 *
 *   socket &lt;- (first) &lt;- PacedWriter &lt;- ResponseWriter &lt;- RequestExecution
 * </pre>
 */
public final class HttpChannel extends ChannelInitializer<Channel> {
  /** The first status that is a server error. */
  public static final int FIRST_FAILURE = 500;

  /** The bound of outcomes; the outcome of a request is its status. */
  private static final int OUTCOMES = 600;

  private final Routes routes;
  private final HttpLimits limits;
  private final HttpServices services;

  private final Connections connections = new Connections("http");
  private final Map<EventLoop, LoopState> loops = new ConcurrentHashMap<>();
  private final Traffic traffic = new Traffic(Operation.names(), OUTCOMES);

  /** Serves {@code store}, which the caller closes after the last connection. */
  public HttpChannel(KvStore<byte[], byte[]> store, HttpLimits limits, HttpServices services) {
    HttpAuthorization authorization = HttpAuthorization.of(services.tokens());
    this.routes = new Routes(store, limits, services.policy(), authorization);
    this.limits = limits;
    this.services = services;
  }

  @Override
  protected void initChannel(Channel channel) {
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(
                HttpLimits.RESUME_PENDING_BYTES, HttpLimits.MAX_PENDING_BYTES));
    // A client that shuts down its sending side after the last request still gets its responses.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    services.first().accept(channel);
    LoopState loop =
        loops.computeIfAbsent(channel.eventLoop(), unused -> new LoopState(services.policy()));
    HttpConnection connection = new HttpConnection(routes, limits, services, loop, traffic.meter());
    ManagedConnection.Patience patience =
        new ManagedConnection.Patience(limits.deliveryTime(), limits.idleTime());
    channel
        .pipeline()
        .addLast(
            new PacedWriter(services.memory().sending().share()),
            new IdleTimer(connection, patience),
            connection.decoder(),
            connection);
    connections.add(channel, connection);
    if (connections.size() > limits.maxConnections()) {
      connection.turnAway();
    }
  }

  /** The traffic; an outcome is a status. */
  public Traffic traffic() {
    return traffic;
  }

  public Connections connections() {
    return connections;
  }

  /** Closes all connections, as {@link Connections#drain} does. */
  public void drain(Duration limit) {
    connections.drain(limit);
  }
}
