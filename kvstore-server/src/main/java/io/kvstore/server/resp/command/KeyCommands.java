package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import io.kvstore.server.resp.session.StoredValue;
import java.util.Arrays;
import java.util.List;

/** Commands for keys, whatever their values. */
final class KeyCommands {
  private KeyCommands() {}

  static List<RespCommand> all() {
    return List.of(
        command("del", -2, Keys.ALL, KeyCommands::delete).with(Flag.WRITE),
        command("unlink", -2, Keys.ALL, KeyCommands::delete).with(Flag.WRITE, Flag.FAST),
        command("exists", -2, Keys.ALL, KeyCommands::count).with(Flag.READONLY, Flag.FAST),
        command("touch", -2, Keys.ALL, KeyCommands::count).with(Flag.READONLY, Flag.FAST),
        command("type", 2, Keys.FIRST, KeyCommands::type).with(Flag.READONLY, Flag.FAST),
        command("rename", 3, Keys.TWO, KeyCommands::rename).with(Flag.WRITE),
        command("renamenx", 3, Keys.TWO, KeyCommands::renameNx).with(Flag.WRITE, Flag.FAST),
        command("copy", -3, Keys.TWO, KeyCommands::copy).with(Flag.WRITE, Flag.DENYOOM));
  }

  private static RespCommand command(String name, int arity, Keys keys, RespCommand.Action action) {
    return new RespCommand(name, arity, keys, action).in("generic");
  }

  private static void delete(CommandContext call) {
    long deleted = 0;
    for (int i = 1; i < call.count(); i++) {
      call.request().checkKey(i);
    }
    for (int i = 1; i < call.count(); i++) {
      byte[] key = call.key(i);
      if (call.work().find(key) != null) {
        call.work().delete(key);
        deleted++;
      }
    }
    call.out().integer(deleted);
  }

  private static void count(CommandContext call) {
    long count = 0;
    for (int i = 1; i < call.count(); i++) {
      if (call.find(i) != null) {
        count++;
      }
    }
    call.out().integer(count);
  }

  private static void type(CommandContext call) {
    call.out().simple(call.find(1) == null ? "none" : "string");
  }

  private static void rename(CommandContext call) {
    if (move(call, true)) {
      call.out().ok();
    }
  }

  private static void renameNx(CommandContext call) {
    call.out().flag(move(call, false));
  }

  /**
   * Renames a key, and returns whether the entry now has the new name. A rename to the same name
   * succeeds if replacing is allowed.
   */
  private static boolean move(CommandContext call, boolean mayReplace) {
    byte[] from = call.key(1);
    byte[] to = call.key(2);
    StoredValue stored = call.work().find(from);
    if (stored == null) {
      throw new RespException("ERR no such key");
    }
    if (Arrays.equals(from, to)) {
      return mayReplace;
    }
    if (!mayReplace && call.work().find(to) != null) {
      return false;
    }
    call.work().put(to, stored, stored.deadline());
    call.work().delete(from);
    return true;
  }

  private static void copy(CommandContext call) {
    boolean replace = false;
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "REPLACE")) {
        replace = true;
      } else if (call.is(i, "DB") && i + 1 < call.count()) {
        ConnectionCommands.checkStore(call, ++i);
      } else {
        throw RespException.syntax();
      }
    }
    byte[] from = call.key(1);
    byte[] to = call.key(2);
    if (Arrays.equals(from, to)) {
      throw new RespException("ERR source and destination objects are the same");
    }
    StoredValue stored = call.work().find(from);
    if (stored == null || (!replace && call.work().find(to) != null)) {
      call.out().flag(false);
      return;
    }
    call.work().put(to, stored, stored.deadline());
    call.out().flag(true);
  }
}
