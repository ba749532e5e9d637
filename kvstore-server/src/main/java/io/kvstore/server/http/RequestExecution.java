package io.kvstore.server.http;

import io.kvstore.ValueView;
import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.message.FastPathRequest;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.Method;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.response.DateField;
import io.kvstore.server.http.response.ResponseStream;
import io.kvstore.server.http.response.ResponseWriter;
import io.kvstore.server.http.response.StreamedHead;
import io.kvstore.server.http.response.StreamedResponse;
import io.kvstore.server.http.store.StoreRequest;
import io.kvstore.server.http.store.StoreRoute;
import io.kvstore.server.net.LongWork;
import io.kvstore.server.net.RequestMeter;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.net.Turn;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The execution of a connection's requests, one at a time: receives the body, calls the store and
 * sends the response. A write or a streamed response may take longer than the call that starts it;
 * {@link HttpConnection} decodes no other request meanwhile, so that responses keep the order of
 * the requests.
 *
 * <p>Everything here happens on the connection's event loop.
 */
final class RequestExecution implements ResponseStream.Connection {

  /** The phase that the current request is in. */
  enum Phase {
    /** There is no request, or only part of its header section. */
    BETWEEN,
    /** The header section is complete, the body is not. */
    RECEIVING,
    /** A write has not completed. */
    WRITING,
    /** A streamed response is being sent. */
    STREAMING,
    /** The last response has been written; further input is dropped. */
    ENDING
  }

  /** The work of a request that is not on the fast path, in units of {@link Turn}. */
  private static final int DECODED_WORK = 8;

  private final HttpConnection connection;
  private final Routes routes;
  private final RequestAccounting accounting;
  private final CurrentRequest request;
  private final SendBudget sending;
  private final DateField date;
  private final CurrentStream stream = new CurrentStream();

  private @Nullable ChannelHandlerContext context;
  private @Nullable ResponseWriter writer;
  private Phase phase = Phase.BETWEEN;
  private boolean draining;
  private long progress;

  RequestExecution(
      HttpConnection connection,
      Routes routes,
      HttpServices services,
      DateField date,
      RequestMeter meter) {
    this.connection = connection;
    this.routes = routes;
    this.accounting =
        new RequestAccounting(meter, new LoggedRequests(services.log(), services.tokens()));
    this.request = new CurrentRequest(services.memory().receiving().share());
    this.sending = services.memory().sending();
    this.date = date;
  }

  /** Must be called once, before everything else. */
  void attach(ChannelHandlerContext ctx) {
    context = ctx;
    writer = routes.writer(ctx, date);
  }

  // ---- state

  /** Changes whenever a request begins or ends, and when a part of a response is produced. */
  long progress() {
    return progress;
  }

  /** The length of the part of the current request's body that has been received. */
  int bodyBytes() {
    return request.bodyBytes();
  }

  Phase phase() {
    return phase;
  }

  private boolean isBusy() {
    return phase == Phase.RECEIVING || phase == Phase.WRITING || phase == Phase.STREAMING;
  }

  /** The streamed response that is being sent, if any. */
  CurrentStream stream() {
    return stream;
  }

  // ---- a request, from its header section to its response

  /** Takes the next message from the decoder. */
  void receive(Object message) {
    try {
      if (phase == Phase.BETWEEN && message instanceof HttpRequest head) {
        begin(head);
      }
      if (message instanceof HttpContent content) {
        IncomingRequest incoming = request.append(content);
        if (incoming != null && content instanceof LastHttpContent) {
          perform(incoming);
        }
      }
    } catch (HttpException e) {
      reject(e);
    } catch (RuntimeException e) {
      reject(HttpErrors.failed(e));
    }
  }

  private void begin(HttpRequest head) {
    progress++;
    accounting.begun(head, ctx().channel());
    out().crossOrigin(routes.policy().fields(head));
    IncomingRequest incoming = request.begin(head, routes);
    phase = Phase.RECEIVING;
    if (incoming.expectsContinue()) {
      out().proceed();
    }
  }

  private void perform(IncomingRequest whole) {
    connection.turn().spend(DECODED_WORK + Turn.ofBytes(whole.bodyBytes()));
    connection.turn().look();
    if (draining) {
      request.closeAfter();
    }
    EntryRequest entry = whole.entry();
    StoreRequest toStore = whole.store();
    accounting.is(Operation.of(entry, toStore));
    whole.requireAccess();
    if (toStore != null) {
      checkMemory();
    }
    if (toStore != null && toStore.route() != StoreRoute.BATCH) {
      stream(toStore);
      return;
    }
    if (entry.isRead()) {
      routes.reads().read(entry, request.option(), out());
      answered();
      return;
    }
    routes.inFlight().check();
    CompletableFuture<?> write =
        isLong(whole)
            ? LongWork.submit(() -> write(whole, LongWork::execute))
            : write(whole, ctx().executor());
    request.executed();
    follow(write, result -> routes.answer(entry, result, request.option(), out()));
  }

  /** Whether a write needs more work than a {@link Turn} has. */
  private static boolean isLong(IncomingRequest whole) {
    int most =
        whole.store() != null
            ? HttpLimits.MAX_LOOP_BATCH_BYTES
            : whole.entry().method() == Method.POST
                ? HttpLimits.MAX_LOOP_JSON_BYTES
                : HttpLimits.MAX_LOOP_VALUE_BYTES;
    return whole.bodyBytes() > most;
  }

  /** Starts a write, on any thread. */
  private CompletableFuture<Object> write(IncomingRequest whole, Executor executor) {
    return routes
        .write(whole.entry(), whole.store(), whole.body(), executor)
        .thenApply(result -> (Object) result);
  }

  /** Rejects a request whose response may be long, while there is no memory for it. */
  private void checkMemory() {
    if (!sending.hasRoom()) {
      throw HttpException.of(
          Status.UNAVAILABLE,
          "The responses that clients have not read exceed the limit of "
              + sending.limit()
              + " bytes.");
    }
  }

  /** Answers a write when it completes, which may be now. */
  private void follow(CompletableFuture<?> write, Consumer<Object> answer) {
    if (write.isDone()) {
      complete(write, answer);
    } else {
      phase = Phase.WRITING;
      routes.inFlight().begin();
      var unused =
          write.whenCompleteAsync((r, failure) -> completeLater(write, answer), ctx().executor());
    }
  }

  /** Answers a write that did not complete at once. */
  private void completeLater(CompletableFuture<?> write, Consumer<Object> answer) {
    routes.inFlight().end();
    connection.turn().restartClock();
    if (phase == Phase.WRITING) {
      try {
        complete(write, answer);
      } catch (RuntimeException e) {
        reject(HttpErrors.failed(e));
      }
      flush();
      connection.resume();
    }
  }

  private void complete(CompletableFuture<?> write, Consumer<Object> answer) {
    Object result = write.join();
    if (draining) {
      request.closeAfter();
    }
    answer.accept(result);
    answered();
  }

  /** Sends an error response, unless the last response has been written. */
  void reject(HttpException e) {
    if (phase == Phase.ENDING) {
      return;
    }
    if (e.isFatal() || draining) {
      request.closeAfter();
    }
    if (e.status().code() >= Status.INTERNAL_ERROR.code()) {
      accounting.failed("http " + e.status().code(), e.sentence());
    }
    out().error(e, request.wantsProblem(), request.isHead(), request.option());
    answered();
  }

  private void answered() {
    progress++;
    accounting.answered(out(), ctx().channel());
    out().crossOrigin(routes.policy().fields());
    phase = Phase.BETWEEN;
    request.end();
    stream.stop();
    connection.answered(request.option());
  }

  // ---- streamed responses

  private void stream(StoreRequest toStore) {
    StreamedHead head = toStore.streamedHead(request.option());
    request.become(head.option());
    StreamedResponse started = routes.store().stream(toStore);
    request.executed();
    phase = Phase.STREAMING;
    stream.start(started, new ResponseStream(ctx(), out(), this, head));
  }

  @Override
  public void progressed() {
    progress++;
  }

  @Override
  public void ended() {
    if (phase == Phase.STREAMING) {
      if (draining) {
        request.closeAfter();
      }
      answered();
      flush();
      connection.resume();
    }
  }

  @Override
  public void rejected(Throwable cause) {
    if (phase == Phase.STREAMING) {
      reject(HttpErrors.failed(cause));
      flush();
      connection.resume();
    }
  }

  @Override
  public void failed(Throwable cause) {
    accounting.failed("http", "A response could not be finished: " + cause.getMessage());
    connection.responseFailed(cause);
  }

  // ---- the fast path

  /**
   * Answers a GET of a value that exists, or a POST. Everything else has to be decoded.
   *
   * @return whether it is answered; if not, nothing has happened
   */
  boolean answers(FastPathRequest found) {
    if (phase != Phase.BETWEEN || draining) {
      return false;
    }
    try {
      return found.isPost() ? writes(found) : reads(found);
    } catch (RuntimeException e) {
      return false; // decoded, it fails again and is answered with the error
    }
  }

  private boolean reads(FastPathRequest found) {
    ValueView view = routes.reads().fastPath(found);
    if (view == null) {
      return false;
    }
    beginFastPath(Operation.GET);
    out().value(view, false, request.option());
    answered();
    return true;
  }

  private boolean writes(FastPathRequest found) {
    if (!routes.inFlight().hasRoom()) {
      return false;
    }
    CompletableFuture<Void> write = routes.writes().fastPath(found);
    if (write == null) {
      return false;
    }
    beginFastPath(Operation.POST);
    try {
      follow(write, result -> out().empty(Status.OK, request.option()));
    } catch (RuntimeException e) {
      reject(HttpErrors.failed(e));
    }
    return true;
  }

  /** Begins a request whose connection is kept. */
  private void beginFastPath(Operation begun) {
    accounting.begun(begun);
    request.beginFastPath();
  }

  // ---- the end

  /** Sends the responses written so far. */
  void flush() {
    out().flush();
    accounting.sent(isBusy());
  }

  /** Makes the current request the last, or the next one if there is none. */
  void drain() {
    draining = true;
    stream.finishIfEndless();
  }

  /** Sends the responses written so far, and drops all further input. */
  void end() {
    phase = Phase.ENDING;
    out().flush();
  }

  /** Releases everything after the connection has been closed. */
  void closed() {
    if (phase == Phase.STREAMING) {
      // Most change feeds end like this.
      accounting.answered(out(), ctx().channel());
      accounting.sent(false);
    }
    phase = Phase.ENDING;
    request.end();
    stream.stop();
    out().discard();
  }

  ChannelHandlerContext ctx() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  ResponseWriter out() {
    if (writer == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return writer;
  }
}
