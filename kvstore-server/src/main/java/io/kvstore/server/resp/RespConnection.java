package io.kvstore.server.resp;

import io.kvstore.server.net.ConnectionCloser;
import io.kvstore.server.net.LoopSendBuffer;
import io.kvstore.server.net.ManagedConnection;
import io.kvstore.server.net.RequestMeter;
import io.kvstore.server.resp.protocol.Message;
import io.kvstore.server.resp.protocol.RequestParser;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.Access;
import io.kvstore.server.resp.session.Call;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespContext;
import io.kvstore.server.resp.session.Transaction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One connection: carries out commands one after the other as they arrive, and gathers the replies,
 * which go out together once all that has arrived is done. While a command waits for the store, or
 * the client does not take its replies, nothing more is carried out and, soon, nothing more is
 * read.
 *
 * <p>Everything here happens on the connection's event loop, but for {@link Client.Line}.
 */
final class RespConnection extends ChannelInboundHandlerAdapter
    implements ManagedConnection, Client.Line, Call.Outlet {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private final RespContext shared;
  private final RequestParser parser;
  private final RespReplies out = new RespReplies();
  private final RequestMeter meter;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Client client;
  private @Nullable Call call;

  private int errorsBefore;

  /** A reply is not true yet: it stands at the beginning of {@link #out}, and is not sent. */
  private boolean waiting;

  /** Commands are being carried out, or replies being sent, further up the stack. */
  private boolean working;

  private boolean held;
  private boolean ending;
  private boolean draining;
  private boolean unflushed;
  private boolean flushPlanned;

  RespConnection(RespContext shared, RequestMeter meter) {
    this.shared = shared;
    this.meter = meter;
    this.parser = new RequestParser(shared.limits(), shared.receiving().share());
  }

  // ---- what the pipeline tells

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Client joined =
        shared
            .clients()
            .join(
                this,
                text(ctx.channel().remoteAddress()),
                text(ctx.channel().localAddress()),
                new Transaction(shared.receiving().share()));
    client = joined;
    call = new Call(shared, joined, out, this);
    if (shared.clients().isOverfull()) {
      shared.counters().rejected();
      out.error("ERR max number of clients reached");
      end();
    }
    joined.admit(shared.access().isRequired() ? null : Access.EVERYTHING);
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
        parser.add(bytes);
        work();
      }
    } catch (RespException e) {
      refuse(e);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flush();
    meter.sent(waiting);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && held) {
      // Not at once: this may be called from a flush in the middle of the work.
      ctx.executor().execute(this::resume);
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
    parser.drop();
    if (client != null) {
      shared.pubSub().leave(client);
      client.transaction().end();
      shared.clients().leave(client);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(Level.ERROR, "A connection failed", cause);
    }
    var unused = ctx.close();
  }

  // ---- for the idle watch

  @Override
  public long steps() {
    return parser.steps();
  }

  /** Whether the client owes the rest of a command, or takes no replies. */
  @Override
  public boolean isStalling(long unsentBytes) {
    return unsentBytes > 0 || (!held && parser.inCommand());
  }

  /** Whether the client waits for messages. */
  @Override
  public boolean mayIdle() {
    return client().isSubscriber();
  }

  @Override
  public boolean isWaiting() {
    return waiting;
  }

  // ---- work

  private void work() {
    working = true;
    try {
      while (!waiting && !ending && mayWrite()) {
        parser.limitStranger(!client().isKnown());
        if (parser.next() == RequestParser.Found.NOTHING) {
          break;
        }
        meter.begun();
        errorsBefore = out.errors();
        call().set(RespCommand.NONE, parser.request());
        Dispatch.begin(call(), parser.request(), this);
        if (!waiting) {
          answered();
        }
        if (out.size() > RespLimits.MAX_BATCH_BYTES && !waiting) {
          write(out.size());
        }
      }
      parser.park();
    } catch (RespException e) {
      refuse(e);
    } finally {
      working = false;
      client().called(call().command().name(), meter.startNanos());
    }
    if ((waiting || !ctx().channel().isWritable()) && !held && !ending) {
      held = true;
      ctx().channel().config().setAutoRead(false);
    }
    if (draining && !held) {
      hangUp();
    }
  }

  /** Ends, since nothing that follows can be read. */
  private void refuse(RespException e) {
    if (waiting) {
      close(); // the reply would come before one that is not known yet
    } else {
      out.error(e.text());
      end();
    }
  }

  private void answered() {
    boolean failed = out.errors() > errorsBefore;
    meter.answered(call().command().kind().number(), failed ? RespContext.ERROR : RespContext.OK);
  }

  private boolean mayWrite() {
    if (ctx().channel().isWritable()) {
      return true;
    }
    flush();
    return ctx().channel().isWritable();
  }

  /** Goes on with what was held back, and then with what the socket has. */
  private void resume() {
    if (!held || waiting || ending) {
      return;
    }
    held = false;
    work();
    flush();
    meter.sent(waiting);
    if (!held && !ending) {
      ctx().channel().config().setAutoRead(true);
    }
  }

  /**
   * Holds back what was answered from a size of {@link RespReplies} on, and all other commands,
   * until a future completes; then has {@code next} look at it, which may hold back again.
   */
  <T> void await(CompletableFuture<T> future, int from, AfterWait<T> next) {
    waiting = true;
    write(from);
    flush();
    var unused =
        future.whenCompleteAsync(
            (result, failure) -> awaited(result, failure, next), ctx().executor());
  }

  /** What goes on once a future has completed, with its result or its failure. */
  interface AfterWait<T> {
    void go(@Nullable T result, @Nullable Throwable failure);
  }

  private <T> void awaited(@Nullable T result, @Nullable Throwable failure, AfterWait<T> next) {
    if (ending) {
      return;
    }
    waiting = false;
    next.go(result, failure);
    if (!waiting) {
      answered();
      flush();
      meter.sent(false);
      if (held) {
        resume();
      } else {
        work();
        flush();
        meter.sent(waiting);
      }
    }
  }

  @Override
  public void end() {
    if (!ending) {
      ending = true;
      parser.drop();
      write(out.size());
      ConnectionCloser.lingeringClose(ctx(), RespLimits.LINGER_TIME);
      ctx().channel().config().setAutoRead(true);
    }
  }

  /** Closes likewise, with no regard for what the client may be sending. */
  private void hangUp() {
    if (!ending) {
      ending = true;
      parser.drop();
      write(out.size());
      ConnectionCloser.closeAfterFlush(ctx());
    }
  }

  @Override
  public void drain() {
    draining = true;
    if (!waiting && !working && !held) {
      hangUp();
    }
  }

  // ---- output

  private void flush() {
    if (!waiting) {
      write(out.size());
    }
    if (unflushed) {
      unflushed = false;
      ctx().flush();
    }
  }

  /** Writes the first replies, and keeps those behind them. */
  private void write(int length) {
    if (length == 0) {
      return;
    }
    int rest = out.size() - length;
    ByteBuf bytes = LoopSendBuffer.buffer(ctx().alloc(), length).writeBytes(out.array(), 0, length);
    System.arraycopy(out.array(), length, out.array(), 0, rest);
    out.cutTo(rest);
    unflushed = true;
    var unused = ctx().write(bytes, ctx().voidPromise());
  }

  @Override
  public void send(ByteBuffer value) {
    write(out.size());
    unflushed = true;
    var unused = ctx().write(Unpooled.wrappedBuffer(value), ctx().voidPromise());
  }

  @Override
  public void deliver(Message message) {
    if (ctx().executor().inEventLoop()) {
      deliverHere(message);
    } else {
      ctx().executor().execute(() -> deliverHere(message));
    }
  }

  private void deliverHere(Message message) {
    ChannelOutboundBuffer pending = ctx().channel().unsafe().outboundBuffer();
    if (ending || pending == null) {
      return;
    }
    if (pending.totalPendingWriteBytes() + out.size() > RespLimits.MAX_UNREAD_MESSAGE_BYTES) {
      close();
      return;
    }
    byte[] bytes = message.bytes(out.protocol());
    if (waiting) {
      unflushed = true;
      var unused = ctx().write(Unpooled.wrappedBuffer(bytes), ctx().voidPromise());
    } else {
      out.raw(bytes);
    }
    if (!working && !flushPlanned) {
      flushPlanned = true;
      ctx().executor().execute(this::plannedFlush);
    }
  }

  private void plannedFlush() {
    flushPlanned = false;
    flush();
  }

  @Override
  public void execute(Runnable task) {
    ctx().executor().execute(task);
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

  private Client client() {
    return call().client();
  }

  private Call call() {
    if (call == null) {
      throw new IllegalStateException("not active");
    }
    return call;
  }
}
