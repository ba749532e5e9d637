package io.kvstore.server.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The ways to end a connection. */
public final class Hangup {
  private Hangup() {}

  /** At once, whatever is under way. */
  public static void now(ChannelHandlerContext ctx) {
    var unused = ctx.close();
  }

  /** Once everything that has been written is sent. */
  public static void afterSending(ChannelHandlerContext ctx) {
    var unused = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> now(ctx));
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
