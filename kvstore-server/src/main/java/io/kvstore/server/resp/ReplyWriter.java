package io.kvstore.server.resp;

import io.kvstore.server.net.LoopSendBuffer;
import io.kvstore.server.net.PacedWriter;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.resp.protocol.Message;
import io.kvstore.server.resp.protocol.RespReplies;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;

/**
 * The reply writer of one connection: gathers replies, and writes them to the channel together.
 * Called on the event loop.
 */
final class ReplyWriter implements RespReplies.Sink {
  /** The result of {@link #unreadBytes} for a closed channel. */
  static final long CLOSED = -1;

  private static final byte[] LINE_END = {'\r', '\n'};

  private final ChannelHandlerContext ctx;
  private final PacedWriter queue;
  private final RespReplies replies;
  private boolean unflushed;

  /**
   * @param queue the send queue of the connection
   * @param memory the memory share for replies
   */
  ReplyWriter(ChannelHandlerContext ctx, PacedWriter queue, SendBudget.Share memory) {
    this.ctx = ctx;
    this.queue = queue;
    this.replies = new RespReplies(memory);
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
    return pending == null
        ? CLOSED
        : pending.totalPendingWriteBytes() + queue.queuedBytes() + replies.size();
  }

  /** Writes the first replies, and keeps those behind them. */
  void write(int length) {
    if (length > 0) {
      replies.moveTo(this, length);
    }
  }

  void writeAll() {
    write(replies.size());
  }

  @Override
  public void copy(byte[] array, int from, int length) {
    write(LoopSendBuffer.buffer(ctx.alloc(), length).writeBytes(array, from, length));
  }

  @Override
  public void pass(ByteBuffer bytes) {
    write(Unpooled.wrappedBuffer(bytes));
  }

  /** Writes a message before the replies that have been gathered. */
  void writeMessage(Message message) {
    write(Unpooled.wrappedBuffer(message.bytes(replies.protocol())));
    if (message.isLong()) {
      ByteBuf payload = Unpooled.wrappedBuffer(message.payload());
      var unused = ctx.write(payload, ctx.newPromise()).addListener(written -> message.done());
      write(Unpooled.wrappedBuffer(LINE_END));
    } else {
      message.done();
    }
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
