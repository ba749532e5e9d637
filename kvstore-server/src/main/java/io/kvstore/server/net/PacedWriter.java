package io.kvstore.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;

/**
 * The send queue of one connection. Passes small buffers on at once, and large ones in pieces, each
 * when the client has read most of those before: TLS encrypts, and the socket copies, a piece at a
 * time, however long a value is. Counts what is not sent yet in the connection's share of the
 * {@link SendBudget}.
 *
 * <p>The channel is not writable while buffers are queued, or while the budget is scarce and the
 * client has not read bytes that count. The handlers behind this one then stop working for this
 * client, and go on when it has read enough: so clients that read slowly use half of the budget at
 * most, and the other half is left for the replies to others.
 *
 * <p>A read-only buffer must be one that costs no memory of its own, such as a value in a file of
 * the store.
 */
public final class PacedWriter extends ChannelOutboundHandlerAdapter {
  /** The length from which on buffers are sent in pieces, and that of a piece. */
  public static final int PIECE_BYTES = 64 << 10;

  /** The bytes that are passed on before the client has read any of them. */
  private static final int MAX_IN_FLIGHT_BYTES = 4 * PIECE_BYTES;

  /** The memory for a queued buffer, in addition to its bytes. */
  private static final int QUEUED_COST = 256;

  /** The user-defined flag of the channel's writability. */
  private static final int WRITABILITY = 1;

  private record Queued(ByteBuf bytes, ChannelPromise promise, int length, boolean pinned) {
    int cost() {
      return QUEUED_COST + (pinned ? 0 : length);
    }
  }

  private final SendBudget.Share memory;
  private final ArrayDeque<Queued> queue = new ArrayDeque<>();
  private long queuedBytes;

  /** The bytes passed on and counted, which the socket may not have taken yet. */
  private long inFlight;

  private boolean encrypted;
  private boolean stopped;
  private boolean waiting;
  private boolean feeding;

  public PacedWriter(SendBudget.Share memory) {
    this.memory = memory;
  }

  /** The bytes that are queued here, and not yet in the channel. */
  public long queuedBytes() {
    return queuedBytes;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    encrypted = ctx.pipeline().get(SslHandler.class) != null;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ByteBuf bytes = (ByteBuf) message;
    int length = bytes.readableBytes();
    if (length <= PIECE_BYTES && queue.isEmpty()) {
      pass(ctx, bytes, promise);
      if (memory.isScarce()) {
        stop(ctx.channel());
      }
      return;
    }
    Queued queued = new Queued(bytes, promise, length, bytes.isReadOnly());
    queue.add(queued);
    queuedBytes += length;
    memory.add(queued.cost());
    if (queued.pinned()) {
      memory.pin(length);
    }
    stop(ctx.channel());
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    feed(ctx);
    ctx.flush();
    settle(ctx);
  }

  private void pass(ChannelHandlerContext ctx, ByteBuf bytes, ChannelPromise promise) {
    // Sending a part of a file takes no memory, but encrypting it does.
    if (encrypted || !bytes.isReadOnly()) {
      int length = bytes.readableBytes();
      inFlight += length;
      memory.add(length);
    }
    var unused = ctx.write(bytes, promise);
  }

  /** Passes on pieces of what is queued, as far as the client reads. */
  private void feed(ChannelHandlerContext ctx) {
    if (feeding) {
      return;
    }
    feeding = true;
    try {
      long room = (memory.isScarce() ? SendBudget.FREE_BYTES : MAX_IN_FLIGHT_BYTES) - unsent(ctx);
      while (!queue.isEmpty() && room > 0) {
        Queued first = queue.element();
        int length = (int) Math.min(room, Math.min(PIECE_BYTES, first.bytes().readableBytes()));
        room -= length;
        queuedBytes -= length;
        if (length < first.bytes().readableBytes()) {
          pass(ctx, first.bytes().readRetainedSlice(length), ctx.voidPromise());
        } else {
          queue.remove();
          forget(first);
          pass(ctx, first.bytes(), first.promise());
        }
      }
    } finally {
      feeding = false;
    }
  }

  private void forget(Queued sent) {
    memory.free(sent.cost());
    if (sent.pinned()) {
      memory.pin(-sent.length());
    }
  }

  /** Counts what the socket has not taken, and waits for that if it has to. */
  private void settle(ChannelHandlerContext ctx) {
    long unsent = unsent(ctx);
    if (unsent < inFlight) {
      memory.free(inFlight - unsent);
      inFlight = unsent;
    }
    boolean idle = queue.isEmpty() && !memory.isScarce();
    if (idle) {
      resume(ctx.channel());
    }
    if ((!idle || inFlight > SendBudget.FREE_BYTES) && !waiting && ctx.channel().isActive()) {
      waiting = true;
      var unused =
          ctx.write(Unpooled.EMPTY_BUFFER, ctx.newPromise()).addListener(sent -> taken(ctx));
      ctx.flush();
    }
  }

  /** Continues, because the socket has taken all that was passed on. */
  private void taken(ChannelHandlerContext ctx) {
    waiting = false;
    if (!ctx.isRemoved() && ctx.channel().isActive()) {
      flush(ctx);
    }
  }

  private static long unsent(ChannelHandlerContext ctx) {
    ChannelOutboundBuffer pending = ctx.channel().unsafe().outboundBuffer();
    return pending == null ? 0 : pending.totalPendingWriteBytes();
  }

  private void stop(Channel channel) {
    if (!stopped) {
      stopped = true;
      setWritable(channel, false);
    }
  }

  private void resume(Channel channel) {
    if (stopped) {
      stopped = false;
      setWritable(channel, true);
    }
  }

  private static void setWritable(Channel channel, boolean writable) {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    if (pending != null) {
      pending.setUserDefinedWritability(WRITABILITY, writable);
    }
  }

  /** Releases all that is queued, and closes the memory share of the connection. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    memory.close();
    for (Queued left = queue.poll(); left != null; left = queue.poll()) {
      forget(left);
      left.bytes().release();
      if (!left.promise().isVoid()) {
        left.promise().tryFailure(new ClosedChannelException());
      }
    }
    queuedBytes = 0;
  }
}
