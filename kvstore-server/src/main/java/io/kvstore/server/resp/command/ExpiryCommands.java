package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import io.kvstore.server.resp.session.StoredValue;
import java.util.List;

/** Commands for deadlines. */
final class ExpiryCommands {
  private static final long NO_ENTRY = -2;
  private static final long NO_DEADLINE = -1;
  private static final long HALF_SECOND = 500;
  private static final long SECOND = 1000;

  private ExpiryCommands() {}

  static List<RespCommand> all() {
    return List.of(
        write("expire", -3, call -> expire(call, Deadlines.Unit.EX)),
        write("pexpire", -3, call -> expire(call, Deadlines.Unit.PX)),
        write("expireat", -3, call -> expire(call, Deadlines.Unit.EXAT)),
        write("pexpireat", -3, call -> expire(call, Deadlines.Unit.PXAT)),
        write("persist", 2, ExpiryCommands::persist),
        read("ttl", call -> replyTime(call, true, SECOND)),
        read("pttl", call -> replyTime(call, true, 1)),
        read("expiretime", call -> replyTime(call, false, SECOND)),
        read("pexpiretime", call -> replyTime(call, false, 1)));
  }

  private static RespCommand read(String name, RespCommand.Action action) {
    return new RespCommand(name, 2, Keys.FIRST, action)
        .with(Flag.READONLY, Flag.FAST)
        .in("generic");
  }

  private static RespCommand write(String name, int arity, RespCommand.Action action) {
    return new RespCommand(name, arity, Keys.FIRST, action)
        .with(Flag.WRITE, Flag.FAST)
        .in("generic");
  }

  /** The conditions on the existing deadline. */
  private static final class Conditions {
    boolean ifNone;
    boolean ifAny;
    boolean ifLater;
    boolean ifEarlier;

    static Conditions read(CommandContext call) {
      Conditions conditions = new Conditions();
      for (int i = 3; i < call.count(); i++) {
        if (call.is(i, "NX")) {
          conditions.ifNone = true;
        } else if (call.is(i, "XX")) {
          conditions.ifAny = true;
        } else if (call.is(i, "GT")) {
          conditions.ifLater = true;
        } else if (call.is(i, "LT")) {
          conditions.ifEarlier = true;
        } else {
          throw new RespException("ERR Unsupported option " + call.request().shown(i));
        }
      }
      if (conditions.ifNone && (conditions.ifAny || conditions.ifLater || conditions.ifEarlier)) {
        throw new RespException(
            "ERR NX and XX, GT or LT options at the same time are not compatible");
      }
      if (conditions.ifLater && conditions.ifEarlier) {
        throw new RespException("ERR GT and LT options at the same time are not compatible");
      }
      return conditions;
    }

    /** No deadline counts as later than any. */
    boolean hold(StoredValue stored, long deadline) {
      return (!ifNone || !stored.hasDeadline())
          && (!ifAny || stored.hasDeadline())
          && (!ifLater || (stored.hasDeadline() && deadline > stored.deadline()))
          && (!ifEarlier || !stored.hasDeadline() || deadline < stored.deadline());
    }
  }

  private static void expire(CommandContext call, Deadlines.Unit unit) {
    Conditions conditions = Conditions.read(call);
    long deadline = Deadlines.ofEntry(call, 2, unit);
    byte[] key = call.key(1);
    StoredValue stored = call.work().find(key);
    if (stored == null || !conditions.hold(stored, deadline)) {
      call.out().flag(false);
      return;
    }
    call.work().put(key, stored, deadline);
    call.out().flag(true);
  }

  private static void persist(CommandContext call) {
    byte[] key = call.key(1);
    StoredValue stored = call.work().find(key);
    if (stored == null || !stored.hasDeadline()) {
      call.out().flag(false);
      return;
    }
    call.work().put(key, stored, StoredValue.FOREVER);
    call.out().flag(true);
  }

  private static long rounded(long millis) {
    return millis / SECOND + (millis % SECOND >= HALF_SECOND ? 1 : 0);
  }

  private static void replyTime(CommandContext call, boolean left, long unit) {
    StoredValue stored = call.find(1);
    if (stored == null) {
      call.out().integer(NO_ENTRY);
    } else if (!stored.hasDeadline()) {
      call.out().integer(NO_DEADLINE);
    } else {
      long millis = stored.deadline() - (left ? call.work().nowMillis() : 0);
      call.out().integer(unit == SECOND ? rounded(millis) : millis);
    }
  }
}
