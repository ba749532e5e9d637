package io.kvstore.server.resp;

import io.kvstore.server.net.LongWork;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.RequestMeter;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.Message;
import io.kvstore.server.resp.protocol.RequestParser;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.PubSub;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The command loop of one connection: executes commands one after the other as they are received,
 * until its {@link Turn} is over; then other connections come first. Replies are sent together,
 * once all commands received so far have been executed, or at the end of a turn. While a command
 * waits for the store, or the client does not read its replies, no other is executed and, soon,
 * nothing more is read.
 *
 * <p>Everything here happens on the connection's event loop.
 */
final class CommandLoop {
  private final RespConnection connection;
  private final ChannelHandlerContext ctx;
  private final RequestParser parser;
  private final RequestMeter meter;
  private final CommandContext call;
  private final ReplyWriter writer;
  private final RespReplies out;

  private final Turn turn = new Turn();

  /** Messages that follow the reply of a command that waits. */
  private final List<Message> delayed = new ArrayList<>(0);

  private long delayedBytes;

  /** Received while the parser's array grows on another thread. */
  private final List<ByteBuf> unparsed = new ArrayList<>(0);

  private int errorsBefore;

  /** The first of the gathered replies depends on a future: none of them is sent. */
  private boolean waiting;

  /** Commands are being executed, or replies sent, further up the stack. */
  private boolean working;

  /** Received commands are not executed, and the socket is not read. */
  private boolean held;

  /** The turn is over, and {@link #nextTurn} planned. */
  private boolean yielding;

  private boolean flushPlanned;

  CommandLoop(
      RespConnection connection,
      ChannelHandlerContext ctx,
      ReplyWriter writer,
      CommandContext call,
      RequestMeter meter) {
    this.connection = connection;
    this.ctx = ctx;
    this.writer = writer;
    this.out = writer.replies();
    this.call = call;
    this.meter = meter;
    ReceiveBudget.Share memory = call.context().receiving().share();
    this.parser = new RequestParser(call.context().limits(), memory);
  }

  Client client() {
    return call.client();
  }

  // ---- state, for the idle timer and shutdown

  long progress() {
    return parser.progress();
  }

  /** Whether the client owes the rest of a command. */
  boolean isReceiving() {
    return !held && parser.inCommand();
  }

  boolean isWaiting() {
    return waiting;
  }

  boolean isHeld() {
    return held;
  }

  /** Whether all commands received so far have been executed. */
  boolean isIdle() {
    return !waiting && !working && !held;
  }

  /** Closes the connection of a client that speaks HTTP, without executing anything further. */
  void closeToHttp() {
    call.context().httpWarning().log(call.client().address());
    connection.close();
  }

  // ---- execution

  /** Executes commands, the last of which may be incomplete. */
  void receive(ByteBuf bytes) {
    try {
      turn.spend(Turn.ofBytes(bytes.readableBytes()));
      RequestParser.Growth growth = unparsed.isEmpty() ? growth(bytes) : null;
      if (growth != null || !unparsed.isEmpty()) {
        unparsed.add(bytes.retain());
        if (growth != null) {
          grow(growth);
        }
        return;
      }
      parser.add(bytes);
      if (held) {
        parser.park();
      } else {
        work();
      }
    } catch (RespException e) {
      reject(e);
    }
  }

  private RequestParser.@Nullable Growth growth(ByteBuf bytes) {
    return parser.growth(bytes.readableBytes());
  }

  /** Holds the connection until there is room for a long command. */
  private void grow(RequestParser.Growth growth) {
    hold();
    var unused =
        LongWork.submit(
                () -> {
                  growth.run();
                  return CommandContext.DONE;
                })
            .whenCompleteAsync((done, failure) -> grown(growth, failure), ctx.executor());
  }

  private void grown(RequestParser.Growth growth, @Nullable Throwable failure) {
    List<ByteBuf> received = List.copyOf(unparsed);
    unparsed.clear();
    if (failure != null) {
      connection.close();
    }
    if (failure == null && !connection.isEnding()) {
      growth.finish();
      for (ByteBuf bytes : received) {
        if (!connection.isEnding()) {
          receive(bytes);
        }
      }
      resume();
    }
    received.forEach(ByteBuf::release);
  }

  private void work() {
    working = true;
    try {
      while (!waiting && !connection.isEnding() && mayWrite() && !turn.isOver()) {
        parser.limitUnauthenticated(!client().isAuthenticated());
        if (parser.next() == RequestParser.Found.NOTHING) {
          break;
        }
        meter.begun();
        errorsBefore = out.errors();
        int sizeBefore = out.size();
        call.set(RespCommand.NONE, parser.request());
        CommandExecution.begin(call, parser.request(), this);
        if (!waiting) {
          answered();
        }
        turn.spend(1 + Turn.ofBytes(Math.max(0, out.size() - sizeBefore)));
        if (out.size() > RespLimits.MAX_BATCH_BYTES && !waiting) {
          writer.writeAll();
        }
      }
      parser.park();
    } catch (RespException e) {
      reject(e);
    } finally {
      working = false;
      client().called(call.command().name(), meter.startNanos());
    }
    holdIfNeeded();
    if (!held) {
      connection.executedAll();
    }
  }

  private void holdIfNeeded() {
    if (connection.isEnding()) {
      return;
    }
    boolean isOver = turn.isOver();
    if (isOver && !yielding) {
      yielding = true;
      Turn.letOthersRun(ctx.executor(), this::nextTurn);
    }
    if (isOver || waiting || !writer.isWritable()) {
      hold();
    }
  }

  private void hold() {
    if (!held) {
      held = true;
      ctx.channel().config().setAutoRead(false);
    }
  }

  private void nextTurn() {
    yielding = false;
    turn.begin();
    resume();
  }

  /** Notes that the socket has been read as far as it is at one go. */
  void readComplete() {
    sendReplies();
    if (!yielding) {
      turn.begin();
    }
  }

  /** Sends an error and ends, since nothing that follows can be parsed. */
  private void reject(RespException e) {
    if (waiting) {
      connection.close(); // the error would precede a reply that is not known yet
    } else {
      out.error(e.text());
      connection.end();
    }
  }

  private void answered() {
    boolean failed = out.errors() > errorsBefore;
    meter.answered(call.command().kind().number(), failed ? RespContext.ERROR : RespContext.OK);
  }

  private boolean mayWrite() {
    if (writer.isWritable()) {
      return true;
    }
    flush();
    return writer.isWritable();
  }

  /** Executes the commands that were held, and then reads on. */
  void resume() {
    if (!held || waiting || !unparsed.isEmpty() || connection.isEnding()) {
      return;
    }
    held = false;
    work();
    sendReplies();
    if (!held && !connection.isEnding()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  // ---- the current command

  /** The work of receiving and copying the current command, in units of {@link Turn}. */
  long commandWork() {
    return Turn.ofBytes(parser.commandBytes());
  }

  /** Adds work of the current command to the turn. */
  void spend(long units) {
    turn.spend(units);
  }

  /** Keeps the arguments of the current command while the event loop does other work. */
  void keepRequest() {
    parser.keepRequest();
  }

  // ---- commands that wait

  /**
   * Holds the replies from a size of {@link RespReplies} on, and all other commands, until a future
   * completes; then calls {@code next}, which may wait again.
   */
  <T> void await(CompletableFuture<T> future, int from, AfterWait<T> next) {
    waiting = true;
    writer.write(from);
    flush();
    var unused =
        future.whenCompleteAsync(
            (result, failure) -> awaited(result, failure, next), ctx.executor());
  }

  /** The continuation of a command after a future has completed, with its result or failure. */
  interface AfterWait<T> {
    void go(@Nullable T result, @Nullable Throwable failure);
  }

  private <T> void awaited(@Nullable T result, @Nullable Throwable failure, AfterWait<T> next) {
    waiting = false;
    if (connection.isEnding()) {
      leave();
      return;
    }
    turn.restartClock();
    next.go(result, failure);
    if (!waiting) {
      answered();
      delayed.forEach(this::gather);
      delayed.clear();
      delayedBytes = 0;
      flush();
      meter.sent(false);
      if (held) {
        resume();
      } else {
        work();
        sendReplies();
      }
    }
  }

  // ---- output

  /** Sends the replies that are known. */
  void sendReplies() {
    flush();
    meter.sent(waiting);
  }

  private void flush() {
    if (!waiting) {
      writer.writeAll();
    }
    writer.flush();
  }

  /** Sends a message, after the reply to the current command unless that has to wait. */
  void deliver(Message message) {
    long unread = writer.unreadBytes();
    unread += unread == ReplyWriter.CLOSED ? 0 : delayedBytes;
    if (connection.isEnding() || unread == ReplyWriter.CLOSED) {
      message.done();
      return;
    }
    boolean isScarce = call.context().sending().isScarce();
    int most = isScarce ? RespLimits.MAX_PENDING_BYTES : RespLimits.MAX_UNREAD_MESSAGE_BYTES;
    if (unread > most) {
      message.done();
      connection.close();
      return;
    }
    if (waiting && call.command().has(RespCommand.Flag.SUBSCRIBER)) {
      delayed.add(message); // the subscription has to be confirmed first
      delayedBytes += message.length();
    } else if (waiting) {
      writer.writeMessage(message);
    } else if (working || !message.isLong()) {
      gather(message);
    } else {
      writer.writeAll();
      writer.writeMessage(message);
    }
    if (!working && !flushPlanned) {
      flushPlanned = true;
      ctx.executor().execute(this::plannedFlush);
    }
  }

  private void gather(Message message) {
    try {
      message.addTo(out);
    } catch (RespException e) {
      connection.close();
    } finally {
      message.done();
    }
  }

  private void plannedFlush() {
    flushPlanned = false;
    flush();
  }

  // ---- the end

  /** Drops commands that have not been executed, and writes all replies. */
  void end() {
    parser.drop();
    writer.writeAll();
  }

  /** Releases what the client has when the connection has been closed. */
  void closed() {
    parser.drop();
    call.context().clients().leave(client());
    if (!waiting) {
      leave(); // while it waits, another thread may be executing the command
    }
  }

  private void leave() {
    delayed.forEach(Message::done);
    delayed.clear();
    call.memory().close();
    client().transaction().end();
    PubSub pubSub = call.context().pubSub();
    if (client().subscriptions() <= Turn.MAX_WORK) {
      pubSub.leave(client());
    } else {
      var unused =
          LongWork.submit(
              () -> {
                pubSub.leave(client());
                return CommandContext.DONE;
              });
    }
  }
}
