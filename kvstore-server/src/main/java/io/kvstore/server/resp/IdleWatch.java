package io.kvstore.server.resp;

import io.kvstore.server.net.Hangup;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which nothing moves: the rest of a command does not come, the client takes
 * no replies, or, where there is such a limit, it says nothing. Looks now and then whether anything
 * has moved since the last look, so that commands cost nothing; a connection goes up to one look
 * late.
 */
final class IdleWatch extends ChannelInboundHandlerAdapter {
  private static final int LOOKS_PER_STALL = 3;

  private final RespConnection connection;
  private final long lookNanos;
  private final long idleLooks;
  private long lastSeen;
  private long looks;

  IdleWatch(RespConnection connection, RespLimits limits) {
    this.connection = connection;
    this.lookNanos = limits.stallTime().dividedBy(LOOKS_PER_STALL).toNanos();
    this.idleLooks =
        limits.idleTime().isZero()
            ? Long.MAX_VALUE
            : Math.max(1, limits.idleTime().dividedBy(Duration.ofNanos(lookNanos)));
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
    long unsent = pending.totalPendingWriteBytes();
    long seen = 31 * (31 * connection.steps() + unsent) + pending.currentProgress();
    looks = seen == lastSeen ? looks + 1 : 0;
    lastSeen = seen;
    boolean stalls = connection.isReceiving() || unsent > 0;
    long allowed = stalls ? LOOKS_PER_STALL : connection.mayIdle() ? Long.MAX_VALUE : idleLooks;
    if (looks >= allowed && !connection.isWaiting()) {
      Hangup.now(ctx);
    } else {
      schedule(ctx);
    }
  }
}
