package io.kvstore.server.resp;

import io.kvstore.BatchResult;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespErrors;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.Transaction;
import io.kvstore.server.resp.session.UnitOfWork;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The execution of one command: finds it, checks whether it is allowed in the state of the client,
 * runs it, and applies its unit of work. If a value that it has read changes meanwhile, it is run
 * again. Ends when the command is answered.
 */
final class CommandExecution {
  private final CommandContext call;
  private final CommandLoop loop;
  private int attempts;

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
    if (shortcut != null && runShort(call, shortcut, loop, from)) {
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
      loop.await(done, from, (result, failure) -> failed(call, failure));
    } else if (done.isCompletedExceptionally()) {
      call.out().cutTo(from);
      call.out().error(RespErrors.text(cause(done)));
    }
    return true;
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
    try {
      if (++attempts > RespLimits.MAX_ATTEMPTS) {
        throw new RespException("ERR others changed what the command needs too often, try again");
      }
      work.begin();
      call.command().run(call);
      if (work.isOpen()) {
        finished = work.finish();
      }
    } catch (RuntimeException e) {
      work.discarded();
      out.cutTo(start);
      out.error(RespErrors.text(e));
      return answered();
    }
    CompletableFuture<Consumer<RespReplies>> later = call.takeLater();
    if (later != null) {
      loop.await(later, start, this::answeredLater);
      return true;
    }
    if (finished == null) {
      work.applied();
      return answered();
    }
    if (finished.isDone() && !finished.isCompletedExceptionally()) {
      return isApplied(finished.join(), start);
    }
    // The request is in a buffer of the event loop, and the command may have to be run again.
    call.set(call.command(), call.request().copy());
    loop.await(finished, start, this::finished);
    return true;
  }

  private boolean isApplied(BatchResult result, int start) {
    UnitOfWork work = call.work();
    if (result.applied()) {
      work.applied();
      return answered();
    }
    work.discarded();
    call.out().cutTo(start);
    if (work.isWatchedChanged(result)) {
      call.out().noArray();
      return answered();
    }
    return false;
  }

  private boolean answered() {
    Transaction transaction = call.client().transaction();
    if (transaction.isOpen() && call.command().has(Flag.ENDS_TRANSACTION)) {
      transaction.end();
    }
    return true;
  }

  private void finished(@Nullable BatchResult result, @Nullable Throwable failure) {
    if (result == null) {
      call.work().discarded();
      failed(call, failure);
      answered();
    } else if (!isApplied(result, 0)) {
      run(0);
    }
  }

  private void answeredLater(@Nullable Consumer<RespReplies> answer, @Nullable Throwable failure) {
    try {
      call.out().cutTo(0);
      if (answer == null) {
        failed(call, failure);
      } else {
        answer.accept(call.out());
      }
    } catch (RespException e) {
      call.out().cutTo(0);
      call.out().error(e.text());
    }
  }
}
