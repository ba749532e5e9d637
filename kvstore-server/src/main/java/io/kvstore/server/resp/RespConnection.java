package io.kvstore.server.resp;

import io.kvstore.server.net.ConnectionCloser;
import io.kvstore.server.net.ManagedConnection;
import io.kvstore.server.net.PacedWriter;
import io.kvstore.server.net.RequestMeter;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.Message;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.session.Authentication;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespContext;
import io.kvstore.server.resp.session.Transaction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A RESP connection: passes received commands to its {@link CommandLoop}, delivers messages of
 * other clients, and closes so that no reply is lost.
 *
 * <p>Everything here happens on the connection's event loop, except {@link Client.Connection}.
 */
final class RespConnection extends ChannelInboundHandlerAdapter
    implements ManagedConnection, Client.Connection {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private final RespContext shared;
  private final PacedWriter queue;
  private final RequestMeter meter;
  private @Nullable ChannelHandlerContext context;
  private @Nullable CommandLoop loop;
  private boolean ending;
  private boolean draining;

  /**
   * @param queue the send queue of the connection
   */
  RespConnection(RespContext shared, PacedWriter queue, RequestMeter meter) {
    this.shared = shared;
    this.queue = queue;
    this.meter = meter;
  }

  // ---- channel events

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Client client =
        shared
            .clients()
            .join(
                this,
                text(ctx.channel().remoteAddress()),
                text(ctx.channel().localAddress()),
                new Transaction(shared.receiving().share()));
    SendBudget.Share memory = shared.sending().share();
    ReplyWriter writer = new ReplyWriter(ctx, queue, memory);
    CommandContext call = new CommandContext(shared, client, writer.replies(), memory);
    loop = new CommandLoop(this, ctx, writer, call, meter);
    if (shared.clients().isOverfull()) {
      shared.counters().rejected();
      writer.replies().error("ERR max number of clients reached");
      end();
    }
    client.admit(shared.authentication().isRequired() ? null : Authentication.EVERYTHING);
    ctx.fireChannelActive();
  }

  private static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : String.valueOf(address);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!ending) {
        loop().receive(bytes);
      }
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (loop != null) {
      loop.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && loop != null && loop.isHeld()) {
      // Not at once: this may be called from a flush in the middle of the work.
      ctx.executor().execute(loop::resume);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (ending) {
        ConnectionCloser.closeAfterFlush(ctx);
      } else {
        drain();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ending = true;
    if (loop != null) {
      loop.closed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(Level.ERROR, "A connection failed", cause);
    }
    var unused = ctx.close();
  }

  // ---- idle timer and shutdown

  @Override
  public long progress() {
    return loop().progress();
  }

  /** Whether the client owes the rest of a command, or does not read its replies. */
  @Override
  public boolean isStalling(long unsentBytes) {
    return unsentBytes > 0 || loop().isReceiving();
  }

  /** Whether the client waits for messages. */
  @Override
  public boolean mayIdle() {
    return loop().client().isSubscriber();
  }

  @Override
  public boolean isWaiting() {
    return loop().isWaiting();
  }

  @Override
  public void drain() {
    draining = true;
    if (loop == null || loop.isIdle()) {
      endAfterFlush();
    }
  }

  // ---- calls of other clients

  @Override
  public void deliver(Message message) {
    if (ctx().executor().inEventLoop()) {
      loop().deliver(message);
    } else {
      ctx().executor().execute(() -> loop().deliver(message));
    }
  }

  @Override
  public void execute(Runnable task) {
    ctx().executor().execute(task);
  }

  @Override
  public void afterOthers(Runnable task) {
    Turn.letOthersRun(ctx().executor(), task);
  }

  // ---- the end

  /** Whether the last reply has been written; further input is dropped. */
  boolean isEnding() {
    return ending;
  }

  /** Ends if draining, because all commands received so far have been executed. */
  void executedAll() {
    if (draining) {
      endAfterFlush();
    }
  }

  @Override
  public void end() {
    if (stop()) {
      ConnectionCloser.lingeringClose(ctx(), RespLimits.LINGER_TIME);
      ctx().channel().config().setAutoRead(true);
    }
  }

  /** Closes once all replies are sent, whatever the client is sending. */
  private void endAfterFlush() {
    if (stop()) {
      ConnectionCloser.closeAfterFlush(ctx());
    }
  }

  private boolean stop() {
    if (ending) {
      return false;
    }
    ending = true;
    if (loop != null) {
      loop.end();
    }
    return true;
  }

  @Override
  public void close() {
    var unused = ctx().close();
  }

  private ChannelHandlerContext ctx() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  private CommandLoop loop() {
    if (loop == null) {
      throw new IllegalStateException("not active");
    }
    return loop;
  }
}
