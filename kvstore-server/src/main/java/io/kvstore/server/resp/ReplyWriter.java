package io.kvstore.server.resp;

import io.kvstore.server.net.LoopSendBuffer;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.CommandContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;

/**
 * The reply writer of one connection: gathers replies, and writes them to the channel together.
 * Called on the event loop.
 */
final class ReplyWriter implements CommandContext.Outlet {
  /** The result of {@link #unreadBytes} for a closed channel. */
  static final long CLOSED = -1;

  private final ChannelHandlerContext ctx;
  private final RespReplies replies = new RespReplies();
  private boolean unflushed;

  ReplyWriter(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  /** The replies that have not been written. */
  RespReplies replies() {
    return replies;
  }

  /** Whether the client reads its replies fast enough. */
  boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /** The bytes that are gathered here or pending in the channel, or {@link #CLOSED}. */
  long unreadBytes() {
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    return pending == null ? CLOSED : pending.totalPendingWriteBytes() + replies.size();
  }

  /** Writes the first replies, and keeps those behind them. */
  void write(int length) {
    if (length == 0) {
      return;
    }
    int rest = replies.size() - length;
    byte[] from = replies.array();
    ByteBuf bytes = LoopSendBuffer.buffer(ctx.alloc(), length).writeBytes(from, 0, length);
    System.arraycopy(from, length, from, 0, rest);
    replies.cutTo(rest);
    write(bytes);
  }

  void writeAll() {
    write(replies.size());
  }

  @Override
  public void send(ByteBuffer value) {
    writeAll();
    write(Unpooled.wrappedBuffer(value));
  }

  /** Writes bytes before the replies that have been gathered. */
  void writeAhead(byte[] bytes) {
    write(Unpooled.wrappedBuffer(bytes));
  }

  private void write(ByteBuf bytes) {
    unflushed = true;
    var unused = ctx.write(bytes, ctx.voidPromise());
  }

  /** Sends what has been written. */
  void flush() {
    if (unflushed) {
      unflushed = false;
      ctx.flush();
    }
  }
}
