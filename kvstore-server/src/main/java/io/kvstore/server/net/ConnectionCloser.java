package io.kvstore.server.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a connection: at once, after a flush, or lingering. */
public final class ConnectionCloser {
  private ConnectionCloser() {}

  /** Closes at once, without waiting for pending responses. */
  public static void closeNow(ChannelHandlerContext ctx) {
    ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    // The close_notify of TLS would wait behind bytes that the client does not read.
    boolean isStuck = tls != null && pending != null && pending.totalPendingWriteBytes() > 0;
    var unused = isStuck ? tls.close() : ctx.close();
  }

  /** Closes once everything that has been written is sent. */
  public static void closeAfterFlush(ChannelHandlerContext ctx) {
    var unused = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * Shuts down the sending side once everything is sent, and closes after a delay. A client that is
   * still sending would otherwise lose the last response to a TCP reset.
   */
  public static void lingeringClose(ChannelHandlerContext ctx, Duration patience) {
    var unused =
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> linger(ctx, patience));
  }

  private static void linger(ChannelHandlerContext ctx, Duration patience) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null) {
      shut(ctx, patience);
    } else {
      // TLS must send its close_notify first: without it, the client can't rule out truncation.
      var unused = tls.closeOutbound().addListener(sent -> shut(ctx, patience));
    }
  }

  private static void shut(ChannelHandlerContext ctx, Duration patience) {
    if (ctx.channel() instanceof DuplexChannel channel && channel.isActive()) {
      var shut = channel.shutdownOutput();
      var unused =
          shut.channel()
              .eventLoop()
              .schedule(() -> closeNow(ctx), patience.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      closeNow(ctx);
    }
  }
}
