package io.kvstore.server.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The ways to end a connection. */
public final class Hangup {
  private Hangup() {}

  /** At once, whatever is under way. */
  public static void now(ChannelHandlerContext ctx) {
    ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    // The last word of TLS would wait behind what the client does not take.
    boolean isStuck = tls != null && pending != null && pending.totalPendingWriteBytes() > 0;
    var unused = isStuck ? tls.close() : ctx.close();
  }

  /** Once everything that has been written is sent. */
  public static void afterSending(ChannelHandlerContext ctx) {
    var unused = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * Likewise, but first only our half, for a while: a client that is still sending would otherwise
   * lose the last answer to the reset that its bytes are met with.
   */
  public static void politely(ChannelHandlerContext ctx, Duration patience) {
    var unused =
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> linger(ctx, patience));
  }

  private static void linger(ChannelHandlerContext ctx, Duration patience) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null) {
      shut(ctx, patience);
    } else {
      // The client has to be told within TLS first: without that the end may be anybody's doing.
      var unused = tls.closeOutbound().addListener(told -> shut(ctx, patience));
    }
  }

  private static void shut(ChannelHandlerContext ctx, Duration patience) {
    if (ctx.channel() instanceof DuplexChannel channel && channel.isActive()) {
      var shut = channel.shutdownOutput();
      var unused =
          shut.channel()
              .eventLoop()
              .schedule(() -> now(ctx), patience.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      now(ctx);
    }
  }
}
