package io.kvstore.server.http;

import io.kvstore.server.net.Hangup;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which nothing moves: no request comes, the rest of one does not come, or
 * the client takes no answer. Looks now and then whether anything has moved since the last look, so
 * that requests cost nothing; a connection goes up to one look late.
 */
final class IdleWatch extends ChannelInboundHandlerAdapter {
  private static final int LOOKS_PER_DELIVERY = 3;

  private final HttpConnection connection;
  private final long lookNanos;
  private final long idleLooks;
  private long lastSeen;
  private long looks;

  IdleWatch(HttpConnection connection, HttpLimits limits) {
    this.connection = connection;
    this.lookNanos = limits.deliveryTime().dividedBy(LOOKS_PER_DELIVERY).toNanos();
    this.idleLooks = limits.idleTime().dividedBy(Duration.ofNanos(lookNanos));
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    schedule(ctx);
    ctx.fireChannelActive();
  }

  private void schedule(ChannelHandlerContext ctx) {
    var unused = ctx.executor().schedule(() -> look(ctx), lookNanos, TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext ctx) {
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    if (pending == null) {
      return;
    }
    long seen =
        31 * (31 * connection.steps() + pending.totalPendingWriteBytes())
            + pending.currentProgress();
    looks = seen == lastSeen ? looks + 1 : 0;
    lastSeen = seen;
    long allowed = connection.isReceiving() ? LOOKS_PER_DELIVERY : idleLooks;
    if (looks >= allowed && !connection.isWriting()) {
      Hangup.now(ctx);
    } else {
      schedule(ctx);
    }
  }
}
