package io.kvstore.server.resp.command;

import io.kvstore.ValueView;
import io.kvstore.server.auth.Grant;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.Permissions;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import io.kvstore.server.resp.session.Transaction;
import io.kvstore.server.resp.session.UnitOfWork;
import java.util.List;

/**
 * MULTI, EXEC and related commands. EXEC executes all queued commands in one {@link UnitOfWork}. It
 * is run again if a value that it has read has changed meanwhile, and discarded if that was
 * watched. Changes of the client's attributes are undone then.
 */
final class TransactionCommands {
  private TransactionCommands() {}

  static List<RespCommand> all() {
    return List.of(
        command("multi", 1, Keys.NONE, TransactionCommands::multi).with(Flag.NOT_QUEUED),
        command("exec", 1, Keys.NONE, TransactionCommands::exec)
            .with(Flag.NOT_QUEUED, Flag.ENDS_TRANSACTION),
        command("discard", 1, Keys.NONE, TransactionCommands::discard).with(Flag.NOT_QUEUED),
        command("watch", -2, Keys.ALL, TransactionCommands::watch).with(Flag.NOT_QUEUED),
        command("unwatch", 1, Keys.NONE, TransactionCommands::unwatch));
  }

  private static RespCommand command(String name, int arity, Keys keys, RespCommand.Action action) {
    return new RespCommand(name, arity, keys, action)
        .with(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE, Flag.FAST)
        .in("transactions");
  }

  private static void multi(CommandContext call) {
    Transaction transaction = call.client().transaction();
    if (transaction.isOpen()) {
      throw new RespException("ERR MULTI calls can not be nested");
    }
    transaction.open();
    call.out().ok();
  }

  private static void discard(CommandContext call) {
    Transaction transaction = call.client().transaction();
    if (!transaction.isOpen()) {
      throw new RespException("ERR DISCARD without MULTI");
    }
    transaction.end();
    call.out().ok();
  }

  private static void watch(CommandContext call) {
    Transaction transaction = call.client().transaction();
    if (transaction.isOpen()) {
      throw new RespException("ERR WATCH inside MULTI is not allowed");
    }
    for (int i = 1; i < call.count(); i++) {
      byte[] key = call.key(i);
      ValueView view = call.context().store().view(key);
      transaction.watch(key, view == null ? 0 : view.version());
      call.work().spend(1);
    }
    call.out().ok();
  }

  private static void unwatch(CommandContext call) {
    Transaction transaction = call.client().transaction();
    // In a transaction, watches last until it ends, which is now.
    if (!transaction.isOpen()) {
      transaction.unwatch();
    }
    call.out().ok();
  }

  private static void exec(CommandContext call) {
    Transaction transaction = call.client().transaction();
    if (!transaction.isOpen()) {
      throw new RespException("ERR EXEC without MULTI");
    }
    if (transaction.isBroken()) {
      throw new RespException("EXECABORT Transaction discarded because of previous errors.");
    }
    RespCommand exec = call.command();
    Request request = call.request();
    Client.Attributes attributes = call.client().attributes();
    call.work().begin(transaction.watched());
    call.work().otherwise(() -> takeBack(call, attributes));
    call.out().array(transaction.queue().size());
    try {
      for (Transaction.Queued queued : transaction.queue()) {
        run(call, queued);
      }
    } finally {
      call.set(exec, request);
    }
  }

  private static void takeBack(CommandContext call, Client.Attributes attributes) {
    call.client().attributes(attributes);
    call.out().speak(attributes.protocol());
  }

  /** Checks the rights again, as Redis does: they may have changed since the command was queued. */
  private static void checkRights(CommandContext call, Transaction.Queued queued) {
    Grant grant = call.client().grant();
    if (grant == null) {
      throw new RespException("NOPERM the token of this user is not valid any more");
    }
    if (!grant.isFull()) {
      Permissions.check(grant, queued.command(), queued.request());
    }
  }

  private static void run(CommandContext call, Transaction.Queued queued) {
    int from = call.out().size();
    call.set(queued.command(), queued.request());
    try {
      checkRights(call, queued);
      queued.command().run(call);
    } catch (RespException e) {
      call.out().cutTo(from);
      call.out().error(e.text());
    }
    call.work().spend(1 + Turn.ofBytes(Math.max(0, call.out().size() - from)));
  }
}
