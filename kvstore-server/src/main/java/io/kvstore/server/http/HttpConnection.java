package io.kvstore.server.http;

import io.kvstore.ValueView;
import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.message.ConnectionOption;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.PlainRequest;
import io.kvstore.server.http.message.RequestDecoder;
import io.kvstore.server.http.message.RequestDecoder.Flow;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.DateField;
import io.kvstore.server.http.response.Problem;
import io.kvstore.server.http.response.ResponseWriter;
import io.kvstore.server.http.response.StreamedAnswer;
import io.kvstore.server.http.response.StreamedHead;
import io.kvstore.server.http.response.Streaming;
import io.kvstore.server.http.store.StoreRequest;
import io.kvstore.server.http.store.StoreRoute;
import io.kvstore.server.net.ConnectionCloser;
import io.kvstore.server.net.ManagedConnection;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.RequestMeter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection: takes requests one after the other, has each carried out once it is whole, and
 * sees to it that answers keep the order of the requests. While a write is under way, or the client
 * does not take its answers, nothing more is decoded and, soon, nothing more is read.
 *
 * <p>Everything here happens on the connection's event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter
    implements ManagedConnection, StreamedAnswer.Connection, RequestDecoder.Gate {
  private static final Logger LOG = System.getLogger("io.kvstore.server");

  private enum Phase {
    /** No request, or only part of its head. */
    BETWEEN,
    /** A head, and a body that is on its way. */
    RECEIVING,
    /** A write whose future is not complete. */
    WRITING,
    /** An answer that is still being made. */
    STREAMING,
    /** The last answer is given; what else arrives is dropped. */
    ENDING
  }

  private final Routes routes;
  private final HttpLimits limits;
  private final RequestAccounting accounting;
  private final ReceiveBudget.Share received;
  private final DateField date;
  private final RequestDecoder decoder;

  private @Nullable ChannelHandlerContext context;
  private @Nullable ResponseWriter writer;
  private Phase phase = Phase.BETWEEN;
  private ConnectionOption option = ConnectionOption.CLOSE;
  private boolean headOnly;
  private @Nullable HttpHeaders fields;
  private @Nullable IncomingRequest incoming;
  private final CurrentStream stream = new CurrentStream();
  private boolean held;
  private boolean inputShut;
  private boolean draining;
  private boolean turnedAway;
  private long steps;

  HttpConnection(
      Routes routes,
      HttpLimits limits,
      HttpServices services,
      LoopParts parts,
      RequestMeter meter) {
    this.routes = routes;
    this.limits = limits;
    this.accounting =
        new RequestAccounting(meter, new LoggedRequests(services.log(), services.tokens()));
    this.received = services.receiving().share();
    this.date = parts.date();
    // A token, and what is logged, stand in fields that only the decoder knows.
    boolean decodesAll = services.tokens() != null || services.log() != null;
    this.decoder = new RequestDecoder(this, decodesAll ? null : parts.plain(), limits);
  }

  /** What stands before this in the pipeline. */
  RequestDecoder decoder() {
    return decoder;
  }

  /** Changes whenever a request begins, ends, or brings another piece of its body. */
  @Override
  public long steps() {
    int bodyBytes = incoming == null ? 0 : incoming.bodyBytes();
    return steps + decoder.heads() + bodyBytes / HttpLimits.DELIVERY_BYTES;
  }

  /** Whether the client owes the rest of a request, or takes nothing of an endless answer. */
  @Override
  public boolean isStalling(long unsentBytes) {
    return phase == Phase.RECEIVING
        || (phase == Phase.BETWEEN && decoder.inHead())
        || (unsentBytes > 0 && mayIdle());
  }

  @Override
  public boolean isWaiting() {
    return phase == Phase.WRITING;
  }

  @Override
  public boolean mayIdle() {
    return stream.isEndless();
  }

  @Override
  public void drain() {
    draining = true;
    stream.finishIfEndless();
    if (phase == Phase.BETWEEN && !decoder.inHead()) {
      phase = Phase.ENDING;
      out().flush();
      ConnectionCloser.closeAfterFlush(ctx());
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    writer = new ResponseWriter(ctx, date);
  }

  /** Has the client told that there are too many, instead of being served. */
  void turnAway() {
    turnedAway = true;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (turnedAway) {
      refuse(
          HttpException.fatal(
              Status.UNAVAILABLE,
              "There are more connections than the limit of " + limits.maxConnections() + "."));
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (phase == Phase.BETWEEN && message instanceof HttpRequest head) {
        begin(head);
      }
      if (incoming != null && message instanceof HttpContent content) {
        receive(incoming, content);
      }
    } catch (HttpException e) {
      refuse(e);
    } catch (RuntimeException e) {
      refuse(HttpErrors.failed(e));
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    out().flush();
    accounting.sent(isBusy());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && (held || stream.isOn())) {
      // Not at once: this may be called from a flush in the middle of decoding.
      ctx.executor().execute(this::resume);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputShut = true;
      if (phase == Phase.ENDING) {
        ConnectionCloser.closeAfterFlush(ctx);
      } else if (phase == Phase.STREAMING) {
        stream.finishIfEndless();
      } else if (phase != Phase.WRITING) {
        end();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (phase == Phase.STREAMING) {
      // For most of those who watch, this is the end.
      accounting.answered(out(), ctx.channel());
      accounting.sent(false);
    }
    phase = Phase.ENDING;
    incoming = null;
    received.release();
    stream.stop();
    out().discard();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(Level.ERROR, "A connection failed", cause);
    }
    ConnectionCloser.closeNow(ctx);
  }

  private boolean isBusy() {
    return phase == Phase.RECEIVING || phase == Phase.WRITING || phase == Phase.STREAMING;
  }

  private void begin(HttpRequest head) {
    steps++;
    accounting.begun(head, ctx().channel());
    option = ConnectionOption.CLOSE;
    headOnly = head.method().equals(HttpMethod.HEAD);
    fields = head.headers();
    IncomingRequest begun = IncomingRequest.of(head, routes);
    incoming = begun;
    option = begun.option();
    phase = Phase.RECEIVING;
    if (begun.expectsContinue()) {
      out().proceed();
    }
  }

  private void receive(IncomingRequest begun, HttpContent content) {
    begun.append(content, received);
    if (content instanceof LastHttpContent) {
      perform(begun);
    }
  }

  private void perform(IncomingRequest whole) {
    if (draining) {
      option = ConnectionOption.CLOSE;
    }
    EntryRequest entry = whole.entry();
    StoreRequest toStore = whole.store();
    accounting.is(Operation.of(entry, toStore));
    if (toStore != null && toStore.route() != StoreRoute.BATCH) {
      stream(toStore);
      return;
    }
    if (entry.isRead()) {
      routes.reads().read(entry, option, out());
      answered();
      return;
    }
    routes.waiting().check();
    CompletableFuture<?> write = routes.write(entry, toStore, whole.body(), ctx().executor());
    incoming = null;
    follow(write, result -> routes.answer(entry, result, option, out()));
  }

  /** Answers a write once it has happened. */
  private void follow(CompletableFuture<?> write, Consumer<Object> answer) {
    if (write.isDone()) {
      written(write, answer);
    } else {
      phase = Phase.WRITING;
      routes.waiting().begin();
      var unused = write.whenCompleteAsync((r, failure) -> wrote(write, answer), ctx().executor());
    }
  }

  private void stream(StoreRequest request) {
    StreamedHead head = request.streamedHead(option);
    option = head.option();
    Streaming started = routes.store().stream(request);
    incoming = null;
    phase = Phase.STREAMING;
    stream.start(started, new StreamedAnswer(ctx(), out(), this, head));
  }

  @Override
  public void progressed() {
    steps++;
  }

  @Override
  public void ended() {
    if (phase == Phase.STREAMING) {
      if (draining) {
        option = ConnectionOption.CLOSE;
      }
      answered();
      out().flush();
      accounting.sent(isBusy());
      resume();
    }
  }

  @Override
  public void failed(Throwable cause) {
    LOG.log(Level.ERROR, "An answer could not be finished", cause);
    accounting.failed("http", "An answer could not be finished: " + cause.getMessage());
    ConnectionCloser.closeNow(ctx());
  }

  /** Follows a write that took its time. */
  private void wrote(CompletableFuture<?> write, Consumer<Object> answer) {
    routes.waiting().end();
    if (phase == Phase.WRITING) {
      try {
        written(write, answer);
      } catch (RuntimeException e) {
        refuse(HttpErrors.failed(e));
      }
      out().flush();
      accounting.sent(isBusy());
      resume();
    }
  }

  private void written(CompletableFuture<?> write, Consumer<Object> answer) {
    Object result = write.join();
    if (draining) {
      option = ConnectionOption.CLOSE;
    }
    answer.accept(result);
    answered();
  }

  private void refuse(HttpException e) {
    if (phase == Phase.ENDING) {
      return;
    }
    if (e.isFatal() || draining) {
      option = ConnectionOption.CLOSE;
    }
    if (e.status().code() >= Status.INTERNAL_ERROR.code()) {
      accounting.failed("http " + e.status().code(), e.sentence());
    }
    boolean asProblem = fields != null && Problem.isWanted(fields);
    out().refusal(e, asProblem, headOnly, option);
    answered();
  }

  private void answered() {
    steps++;
    accounting.answered(out(), ctx().channel());
    phase = Phase.BETWEEN;
    incoming = null;
    received.release();
    stream.stop();
    fields = null;
    if (option == ConnectionOption.CLOSE || inputShut) {
      end();
    }
  }

  /** Closes, once all answers are out. */
  private void end() {
    phase = Phase.ENDING;
    out().flush();
    if (inputShut) {
      ConnectionCloser.closeAfterFlush(ctx());
    } else {
      ConnectionCloser.lingeringClose(ctx(), limits.lingerTime());
      ctx().channel().config().setAutoRead(true);
    }
  }

  /** Answers a GET of a value that is there, or a POST; all else takes the usual way. */
  @Override
  public boolean answers(PlainRequest found) {
    if (phase != Phase.BETWEEN || draining) {
      return false;
    }
    try {
      return found.isPost() ? writes(found) : reads(found);
    } catch (RuntimeException e) {
      return false; // it fails in the usual way, too
    }
  }

  private boolean reads(PlainRequest found) {
    ValueView view = routes.reads().plain(found);
    if (view == null) {
      return false;
    }
    beginPlain(Operation.GET);
    out().value(view, false, option);
    answered();
    return true;
  }

  private boolean writes(PlainRequest found) {
    if (!routes.waiting().hasRoom()) {
      return false;
    }
    CompletableFuture<Void> write = routes.writes().plain(found);
    if (write == null) {
      return false;
    }
    beginPlain(Operation.POST);
    try {
      follow(write, result -> out().empty(Status.OK, option));
    } catch (RuntimeException e) {
      refuse(HttpErrors.failed(e));
    }
    return true;
  }

  /** Begins a request that has nothing more to say. */
  private void beginPlain(Operation begun) {
    accounting.begun(begun);
    option = ConnectionOption.KEEP;
    headOnly = false;
  }

  @Override
  public Flow flow() {
    if (phase == Phase.ENDING) {
      return Flow.DROP;
    }
    if (phase != Phase.WRITING && phase != Phase.STREAMING) {
      if (ctx().channel().isWritable()) {
        return Flow.DECODE;
      }
      out().flush();
      if (ctx().channel().isWritable()) {
        return Flow.DECODE;
      }
    }
    held = true;
    ctx().channel().config().setAutoRead(false);
    return Flow.HOLD;
  }

  /** Goes on with what was held back, and then with what the socket has. */
  private void resume() {
    if (stream.isOn()) {
      stream.resume();
      return;
    }
    if (!held || phase == Phase.WRITING || phase == Phase.ENDING) {
      return;
    }
    held = false;
    try {
      decoder.resume(ctx().pipeline().context(decoder));
    } catch (Exception e) {
      exceptionCaught(ctx(), e);
    }
    out().flush();
    accounting.sent(isBusy());
    if (!held) {
      ctx().channel().config().setAutoRead(true);
    }
  }

  private ChannelHandlerContext ctx() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  private ResponseWriter out() {
    if (writer == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return writer;
  }
}
