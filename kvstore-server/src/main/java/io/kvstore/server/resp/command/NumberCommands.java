package io.kvstore.server.resp.command;

import io.kvstore.server.net.Numbers;
import io.kvstore.server.resp.protocol.ExtendedFloat;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import io.kvstore.server.resp.session.StoredValue;
import java.util.List;

/** Commands for values that are numbers. */
final class NumberCommands {
  /** The digits of a floating-point number that take a unit of work to parse or to write. */
  private static final int DIGITS_PER_UNIT = 16;

  private NumberCommands() {}

  static List<RespCommand> all() {
    return List.of(
        write("incr", 2, call -> add(call, 1)),
        write("decr", 2, call -> add(call, -1)),
        write("incrby", 3, call -> add(call, call.number(2))),
        write("decrby", 3, NumberCommands::decrBy),
        write("incrbyfloat", 3, NumberCommands::addFloat));
  }

  private static RespCommand write(String name, int arity, RespCommand.Action action) {
    return StringCommands.write(name, arity, Keys.FIRST, action).with(Flag.DENYOOM, Flag.FAST);
  }

  private static void decrBy(CommandContext call) {
    long delta = call.number(2);
    if (delta == Long.MIN_VALUE) {
      throw new RespException("ERR decrement would overflow");
    }
    add(call, -delta);
  }

  private static void add(CommandContext call, long delta) {
    byte[] key = call.key(1);
    StoredValue stored = call.work().find(key);
    long before = stored == null ? 0 : parse(stored.value());
    long sum = before + delta;
    if (((before ^ sum) & (delta ^ sum)) < 0) {
      throw new RespException("ERR increment or decrement would overflow");
    }
    call.work()
        .put(key, Numbers.bytes(sum), stored == null ? StoredValue.FOREVER : stored.deadline());
    call.out().integer(sum);
  }

  /**
   * Parses a value as a number.
   *
   * @throws RespException if it is not one
   */
  static long parse(byte[] bytes) {
    if (!Numbers.isLong(bytes, 0, bytes.length)) {
      throw RespException.notAnInteger();
    }
    return Numbers.toLong(bytes, 0, bytes.length);
  }

  private static void addFloat(CommandContext call) {
    byte[] key = call.key(1);
    StoredValue stored = call.work().find(key);
    ExtendedFloat before =
        stored == null ? ExtendedFloat.ZERO : ExtendedFloat.parse(stored.value());
    ExtendedFloat sum = before.plus(ExtendedFloat.parse(call.bytes(2)));
    call.work().spend(sum.digits() / DIGITS_PER_UNIT);
    byte[] text = sum.text();
    call.work().put(key, text, stored == null ? StoredValue.FOREVER : stored.deadline());
    call.out().bulk(text);
  }
}
