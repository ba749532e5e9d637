package io.kvstore.server.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The idle timer of a connection, which closes it when there is no progress: no request arrives,
 * the rest of a request does not arrive, or the client does not read a response. Polls the
 * connection's progress, so that requests have no timer of their own to reset; a connection is
 * closed up to one interval late.
 */
public final class IdleTimer extends ChannelInboundHandlerAdapter {
  private static final int LOOKS_PER_STALL = 3;

  private final ManagedConnection connection;
  private final long lookNanos;
  private final long idleLooks;
  private long lastSeen;
  private long looks;

  public IdleTimer(ManagedConnection connection, ManagedConnection.Patience patience) {
    this.connection = connection;
    this.lookNanos = patience.stall().dividedBy(LOOKS_PER_STALL).toNanos();
    this.idleLooks =
        patience.idle().isZero()
            ? Long.MAX_VALUE
            : Math.max(1, patience.idle().dividedBy(Duration.ofNanos(lookNanos)));
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
    long seen = 31 * (31 * connection.progress() + unsent) + pending.currentProgress();
    looks = seen == lastSeen ? looks + 1 : 0;
    lastSeen = seen;
    if (looks >= allowed(unsent) && !connection.isWaiting()) {
      ConnectionCloser.closeNow(ctx);
    } else {
      schedule(ctx);
    }
  }

  private long allowed(long unsent) {
    if (connection.isStalling(unsent)) {
      return LOOKS_PER_STALL;
    }
    return connection.mayIdle() ? Long.MAX_VALUE : idleLooks;
  }
}
