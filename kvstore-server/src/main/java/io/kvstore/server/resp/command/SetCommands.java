package io.kvstore.server.resp.command;

import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.CommandTable;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import io.kvstore.server.resp.session.StoredValue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Commands that store whole values. */
final class SetCommands {
  private static final int PLAIN_ARGUMENTS = 3;

  private SetCommands() {}

  static List<RespCommand> all() {
    return List.of(
        write("set", -3, Keys.FIRST, SetCommands::set).with(SetCommands::setShort),
        write("setex", 4, Keys.FIRST, call -> setUntil(call, Deadlines.Unit.EX)),
        write("psetex", 4, Keys.FIRST, call -> setUntil(call, Deadlines.Unit.PX)),
        write("setnx", 3, Keys.FIRST, SetCommands::setNx).with(Flag.FAST),
        write("getset", 3, Keys.FIRST, SetCommands::getSet).with(Flag.FAST),
        StringCommands.write("getex", -2, Keys.FIRST, SetCommands::getEx).with(Flag.FAST),
        write("mset", -3, Keys.PAIRS, SetCommands::mset),
        write("msetnx", -3, Keys.PAIRS, SetCommands::msetNx));
  }

  private static RespCommand write(String name, int arity, Keys keys, RespCommand.Action action) {
    return StringCommands.write(name, arity, keys, action).with(Flag.DENYOOM);
  }

  private static @Nullable CompletableFuture<?> setShort(CommandContext call) {
    if (call.count() != PLAIN_ARGUMENTS) {
      return null;
    }
    CompletableFuture<Void> done = call.context().store().putAsync(call.key(1), call.bytes(2));
    call.out().ok();
    return done;
  }

  private static void set(CommandContext call) {
    SetOptions options = SetOptions.read(call.request(), 3, false);
    long deadline = options.deadline(call);
    byte[] key = call.key(1);
    boolean looks = options.get() || options.ifAbsent() || options.ifPresent() || options.keepTtl();
    StoredValue before = looks ? call.work().find(key) : null;
    if (options.get()) {
      StringCommands.answer(call, before);
    }
    if ((options.ifAbsent() && before != null) || (options.ifPresent() && before == null)) {
      if (!options.get()) {
        call.out().nothing();
      }
      return;
    }
    long until = before != null && options.keepTtl() ? before.deadline() : deadline;
    call.work().put(key, call.bytes(2), until);
    if (!options.get()) {
      call.out().ok();
    }
  }

  private static void setUntil(CommandContext call, Deadlines.Unit unit) {
    long deadline = Deadlines.ofValue(call, 2, unit);
    call.work().put(call.key(1), call.bytes(3), deadline);
    call.out().ok();
  }

  private static void setNx(CommandContext call) {
    byte[] key = call.key(1);
    boolean absent = call.work().find(key) == null;
    if (absent) {
      call.work().put(key, call.bytes(2));
    }
    call.out().flag(absent);
  }

  private static void getSet(CommandContext call) {
    byte[] key = call.key(1);
    StringCommands.answer(call, call.work().find(key));
    call.work().put(key, call.bytes(2));
  }

  private static void getEx(CommandContext call) {
    SetOptions options = SetOptions.read(call.request(), 2, true);
    byte[] key = call.key(1);
    StoredValue stored = call.work().find(key);
    if (stored == null) {
      call.out().nothing();
      return;
    }
    long deadline = options.deadline(call);
    call.out().bulk(stored.bytes());
    if (options.hasTime() || (options.persist() && stored.hasDeadline())) {
      call.work().put(key, stored, deadline);
    }
  }

  private static void mset(CommandContext call) {
    checkPairs(call);
    putPairs(call);
    call.out().ok();
  }

  private static void msetNx(CommandContext call) {
    checkPairs(call);
    for (int i = 1; i < call.count(); i += 2) {
      if (call.find(i) != null) {
        call.out().integer(0);
        return;
      }
    }
    putPairs(call);
    call.out().integer(1);
  }

  private static void checkPairs(CommandContext call) {
    if (call.count() % 2 == 0) {
      throw CommandTable.wrongCount(call.command());
    }
    // Before the first put: a rejected command must not store anything.
    for (int i = 1; i < call.count(); i += 2) {
      call.request().checkKey(i);
    }
  }

  private static void putPairs(CommandContext call) {
    for (int i = 1; i < call.count(); i += 2) {
      call.work().put(call.key(i), call.bytes(i + 1));
    }
  }
}
