package io.kvstore.server.resp;

import io.kvstore.BatchResult;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.net.LongWork;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.HttpRequestLine;
import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespErrors;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.Permissions;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.TooMuchWork;
import io.kvstore.server.resp.session.Transaction;
import io.kvstore.server.resp.session.UnitOfWork;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The execution of one command: finds it, checks whether it is allowed in the state of the client,
 * runs it, and applies its unit of work. If a value that it has read changes meanwhile, it is run
 * again; if its work exceeds that of a turn, on a thread of {@link LongWork}. Ends when the command
 * is answered.
 */
final class CommandExecution {
  private static final CompletableFuture<@Nullable BatchResult> NO_WRITES =
      CompletableFuture.completedFuture(null);

  private final CommandContext call;
  private final CommandLoop loop;
  private int attempts;

  /** The command has more work than a turn. */
  private boolean isLong;

  private CommandExecution(CommandContext call, CommandLoop loop) {
    this.call = call;
    this.loop = loop;
  }

  /** Executes a request; if it has to wait, {@link CommandLoop#await} continues it. */
  static void begin(CommandContext call, Request request, CommandLoop loop) {
    int from = call.out().size();
    Transaction transaction = call.client().transaction();
    RespCommand command;
    try {
      command = call.context().commands().called(request);
      check(call.client(), command, request);
      if (transaction.isOpen() && command.isNoMulti()) {
        throw new RespException("ERR Command not allowed inside a transaction");
      }
    } catch (RespException e) {
      if (HttpRequestLine.is(request)) {
        loop.closeToHttp();
        return;
      }
      transaction.spoil();
      reject(call, request, e);
      return;
    }
    call.set(command, request);
    if (transaction.isOpen() && !command.isNotQueued()) {
      queue(call, transaction);
      return;
    }
    RespCommand.Shortcut shortcut = command.shortcut();
    boolean isShort = loop.commandWork() <= Turn.MAX_WORK;
    if (shortcut != null && isShort && runShort(call, shortcut, loop, from)) {
      return;
    }
    new CommandExecution(call, loop).run(from);
  }

  private static void queue(CommandContext call, Transaction transaction) {
    try {
      transaction.add(call.command(), call.request());
      call.out().queued();
    } catch (RespException e) {
      transaction.spoil();
      call.out().error(e.text());
    }
  }

  private static void check(Client client, RespCommand command, Request request) {
    Grant grant = client.grant();
    if (grant == null) {
      if (!command.has(Flag.NO_AUTH)) {
        throw new RespException("NOAUTH Authentication required.");
      }
    } else if (!grant.isFull()) {
      Permissions.check(grant, command, request);
    }
    if (client.isSubscriber()
        && client.protocol() == RespReplies.RESP2
        && !command.has(Flag.SUBSCRIBER)) {
      throw new RespException(
          "ERR Can't execute '"
              + command.name()
              + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this"
              + " context");
    }
  }

  private static void reject(CommandContext call, Request request, RespException e) {
    Transaction transaction = call.client().transaction();
    RespCommand found = call.context().commands().find(request, 0);
    if (found != null && found.name().equals("exec")) {
      String text = e.text();
      transaction.end();
      call.out()
          .error(
              "EXECABORT Transaction discarded because of: "
                  + (text.startsWith("ERR ") ? text.substring(4) : text));
    } else {
      call.out().error(e.text());
    }
  }

  private static boolean runShort(
      CommandContext call, RespCommand.Shortcut shortcut, CommandLoop loop, int from) {
    CompletableFuture<?> done;
    try {
      done = shortcut.run(call);
    } catch (RuntimeException e) {
      call.out().cutTo(from);
      call.out().error(RespErrors.text(e));
      return true;
    }
    if (done == null) {
      return false;
    }
    if (!done.isDone()) {
      call.work().begin();
      call.work().count(call.request().copySize()); // the store has a value until it is written
      loop.await(done, from, (result, failure) -> writtenShort(call, failure));
    } else if (done.isCompletedExceptionally()) {
      call.out().cutTo(from);
      call.out().error(RespErrors.text(cause(done)));
    }
    return true;
  }

  private static void writtenShort(CommandContext call, @Nullable Throwable failure) {
    call.work().end();
    failed(call, failure);
  }

  private static void failed(CommandContext call, @Nullable Throwable failure) {
    if (failure != null) {
      call.out().cutTo(0);
      call.out().error(RespErrors.text(failure));
    }
  }

  private static Throwable cause(CompletableFuture<?> failed) {
    try {
      failed.join();
      return new IllegalStateException("did not fail");
    } catch (RuntimeException e) {
      return e;
    }
  }

  /** Runs the command until its unit of work is applied, or has to be waited for. */
  private void run(int start) {
    RespCommand command = call.command();
    isLong |= loop.commandWork() > Turn.MAX_WORK && !command.isNoMulti() && !command.isNotQueued();
    while (!attempt(start)) {
      // A value that it has read has changed: run it again.
    }
  }

  /**
   * Runs the command once.
   *
   * @param start the size of the replies before it
   * @return whether it is answered or waits; if not, it must be run again
   */
  private boolean attempt(int start) {
    RespReplies out = call.out();
    UnitOfWork work = call.work();
    CompletableFuture<BatchResult> finished = null;
    if (isLong && attempts < RespLimits.MAX_ATTEMPTS) {
      attempts++;
      attemptElsewhere(start);
      return true;
    }
    try {
      if (++attempts > RespLimits.MAX_ATTEMPTS) {
        throw new RespException("ERR others changed what the command needs too often, try again");
      }
      work.begin();
      call.command().run(call);
      if (work.isOpen()) {
        finished = work.finish();
      }
    } catch (TooMuchWork e) {
      work.discarded();
      out.cutTo(start);
      isLong = true;
      return false;
    } catch (RuntimeException e) {
      work.discarded();
      out.cutTo(start);
      out.error(RespErrors.text(e));
      return answered();
    } finally {
      loop.spend(work.work());
    }
    CompletableFuture<Consumer<RespReplies>> later = call.takeLater();
    if (later != null) {
      // The reply may be long, and is made by the thread that completes the future.
      loop.await(later.thenAccept(answer -> answer.accept(out)), start, this::answeredLater);
      return true;
    }
    if (finished == null) {
      return applied();
    }
    if (finished.isDone() && !finished.isCompletedExceptionally()) {
      return isApplied(finished.join(), start);
    }
    // The request is in a buffer of the event loop, and the command may have to be run again.
    loop.keepRequest();
    loop.await(finished, start, this::finished);
    return true;
  }

  /** Runs the command once, while the connection waits. */
  private void attemptElsewhere(int start) {
    loop.keepRequest();
    CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    loop.await(ready.thenCompose(go -> LongWork.submit(this::runLong)), start, this::finished);
    ready.complete(null); // only now: the replies before it have been sent
  }

  private CompletableFuture<@Nullable BatchResult> runLong() {
    UnitOfWork work = call.work();
    work.mayBeLong(true);
    try {
      work.begin();
      call.command().run(call);
      return work.isOpen() ? work.finish().thenApply(result -> result) : NO_WRITES;
    } finally {
      work.mayBeLong(false);
    }
  }

  private boolean isApplied(BatchResult result, int start) {
    UnitOfWork work = call.work();
    if (result.applied()) {
      return applied();
    }
    work.discarded();
    call.out().cutTo(start);
    if (work.isWatchedChanged(result)) {
      call.out().noArray();
      return answered();
    }
    return false;
  }

  /** Does what follows the unit of work; if that is much, the connection waits. */
  private boolean applied() {
    if (call.work().applied()) {
      CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
      loop.await(done, call.out().size(), (result, failure) -> answered());
      call.client().connection().afterOthers(() -> applyMore(done));
      return true;
    }
    return answered();
  }

  private void applyMore(CompletableFuture<@Nullable Void> done) {
    if (call.work().applied()) {
      call.client().connection().afterOthers(() -> applyMore(done));
    } else {
      done.complete(null);
    }
  }

  private boolean answered() {
    Transaction transaction = call.client().transaction();
    if (transaction.isOpen() && call.command().has(Flag.ENDS_TRANSACTION)) {
      transaction.end();
    }
    call.work().end();
    return true;
  }

  private void finished(@Nullable BatchResult result, @Nullable Throwable failure) {
    if (failure != null) {
      call.work().discarded();
      failed(call, failure);
      answered();
    } else if (result == null) {
      applied();
    } else if (!isApplied(result, 0)) {
      run(0);
    }
  }

  private void answeredLater(@Nullable Void done, @Nullable Throwable failure) {
    call.work().end();
    failed(call, failure);
  }
}
