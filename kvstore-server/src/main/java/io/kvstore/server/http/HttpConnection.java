package io.kvstore.server.http;

import io.kvstore.server.http.RequestExecution.Phase;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.FastPathRequest;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.RequestDecoder;
import io.kvstore.server.http.message.RequestDecoder.Flow;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.net.ConnectionCloser;
import io.kvstore.server.net.ManagedConnection;
import io.kvstore.server.net.RequestMeter;
import io.kvstore.server.net.Turn;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * An HTTP connection. Decodes a request only when the one before has been answered and the client
 * reads its responses, and passes it to {@link RequestExecution}; when its {@link Turn} is over,
 * other connections come first. Closes so that no response is lost.
 *
 * <p>Everything here happens on the connection's event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter
    implements ManagedConnection, RequestDecoder.Gate {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private final HttpLimits limits;
  private final RequestExecution requests;
  private final RequestDecoder decoder;
  private final Turn turn = new Turn();

  /** The turn is over, and {@link #nextTurn} planned. */
  private boolean yielding;

  /** Received bytes are not decoded, and the socket is not read. */
  private boolean held;

  private boolean inputShut;
  private boolean turnedAway;

  HttpConnection(
      Routes routes, HttpLimits limits, HttpServices services, LoopState loop, RequestMeter meter) {
    this.limits = limits;
    this.requests = new RequestExecution(this, routes, services, loop.date(), meter);
    // A token, and what is logged, are in header fields, which the fast path does not keep.
    boolean decodesAll = services.tokens() != null || services.log() != null;
    this.decoder = new RequestDecoder(this, decodesAll ? null : loop.fastPath(), limits);
  }

  /** The handler that precedes this one in the pipeline. */
  RequestDecoder decoder() {
    return decoder;
  }

  /** Answers with an error and closes once connected: there are too many connections. */
  void turnAway() {
    turnedAway = true;
  }

  // ---- idle timer and shutdown

  /** Changes whenever a request begins, ends, or receives another part of its body. */
  @Override
  public long progress() {
    return requests.progress() + decoder.heads() + requests.bodyBytes() / HttpLimits.DELIVERY_BYTES;
  }

  /** Whether the client owes the rest of a request, or reads nothing of an endless response. */
  @Override
  public boolean isStalling(long unsentBytes) {
    return requests.phase() == Phase.RECEIVING
        || (requests.phase() == Phase.BETWEEN && decoder.inHead())
        || (unsentBytes > 0 && mayIdle());
  }

  @Override
  public boolean isWaiting() {
    return requests.phase() == Phase.WRITING;
  }

  @Override
  public boolean mayIdle() {
    return requests.stream().isEndless();
  }

  @Override
  public void drain() {
    requests.drain();
    if (requests.phase() == Phase.BETWEEN && !decoder.inHead() && !held) {
      requests.end();
      ConnectionCloser.closeAfterFlush(ctx());
    }
  }

  // ---- channel events

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    requests.attach(ctx);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (turnedAway) {
      requests.reject(
          HttpException.fatal(
              Status.UNAVAILABLE,
              "There are more connections than the limit of " + limits.maxConnections() + "."));
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      requests.receive(message);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    requests.flush();
    if (!yielding) {
      turn.begin();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && (held || requests.stream().isOn())) {
      // Not at once: this may be called from a flush in the middle of decoding.
      ctx.executor().execute(this::resume);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputShut = true;
      if (requests.phase() == Phase.ENDING) {
        ConnectionCloser.closeAfterFlush(ctx);
      } else if (requests.phase() == Phase.STREAMING) {
        requests.stream().finishIfEndless();
      } else if (requests.phase() != Phase.WRITING) {
        end();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    requests.closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(Level.ERROR, "A connection failed", cause);
    }
    ConnectionCloser.closeNow(ctx);
  }

  // ---- back pressure

  @Override
  public Flow flow() {
    Phase phase = requests.phase();
    if (phase == Phase.ENDING) {
      return Flow.DROP;
    }
    if (phase != Phase.WRITING && phase != Phase.STREAMING) {
      if (turn.isOver()) {
        return endTurn();
      }
      if (ctx().channel().isWritable()) {
        return decode();
      }
      requests.out().flush();
      if (ctx().channel().isWritable()) {
        return decode();
      }
    }
    return hold();
  }

  private Flow decode() {
    turn.spend(1);
    return Flow.DECODE;
  }

  private Flow hold() {
    held = true;
    ctx().channel().config().setAutoRead(false);
    return Flow.HOLD;
  }

  private Flow endTurn() {
    if (!yielding) {
      yielding = true;
      Turn.letOthersRun(ctx().executor(), this::nextTurn);
    }
    return hold();
  }

  private void nextTurn() {
    yielding = false;
    turn.begin();
    resume();
  }

  /** The turn of this connection, to which costly requests add their work. */
  Turn turn() {
    return turn;
  }

  @Override
  public boolean answers(FastPathRequest found) {
    return requests.answers(found);
  }

  /** Continues the streamed response; or decodes what was held, and then reads on. */
  void resume() {
    if (requests.stream().isOn()) {
      requests.stream().resume();
      return;
    }
    Phase phase = requests.phase();
    if (!held || phase == Phase.WRITING || phase == Phase.ENDING) {
      return;
    }
    held = false;
    try {
      decoder.resume(ctx().pipeline().context(decoder));
    } catch (Exception e) {
      exceptionCaught(ctx(), e);
    }
    requests.flush();
    if (!held) {
      ctx().channel().config().setAutoRead(true);
    }
  }

  // ---- the end

  /** Closes if the request that has just been answered was the last. */
  void answered(ConnectionOption option) {
    if (option == ConnectionOption.CLOSE || inputShut) {
      end();
    }
  }

  /** Closes at once, because the rest of a response can't be sent. */
  void responseFailed(Throwable cause) {
    LOG.log(Level.ERROR, "A response could not be finished", cause);
    ConnectionCloser.closeNow(ctx());
  }

  /** Closes, once all responses have been sent. */
  private void end() {
    requests.end();
    if (inputShut) {
      ConnectionCloser.closeAfterFlush(ctx());
    } else {
      ConnectionCloser.lingeringClose(ctx(), limits.lingerTime());
      ctx().channel().config().setAutoRead(true);
    }
  }

  private ChannelHandlerContext ctx() {
    return requests.ctx();
  }
}
