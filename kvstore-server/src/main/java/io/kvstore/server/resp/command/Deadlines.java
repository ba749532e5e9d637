package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.StoredValue;

/** Parses expiry times, in the units and with the errors of Redis. */
final class Deadlines {
  private static final long MILLIS = 1000;

  /** The latest deadline; the next number stands for none. */
  private static final long LAST = StoredValue.FOREVER - 1;

  /** The unit of a time, and whether it is relative. */
  enum Unit {
    EX(true, false),
    PX(false, false),
    EXAT(true, true),
    PXAT(false, true);

    private final boolean seconds;
    private final boolean absolute;

    Unit(boolean seconds, boolean absolute) {
      this.seconds = seconds;
      this.absolute = absolute;
    }
  }

  private Deadlines() {}

  /**
   * Returns the deadline of a value that is being stored, in milliseconds since 1970.
   *
   * @throws RespException if the argument is not a number, or not a time after 1970
   */
  static long ofValue(CommandContext call, int argument, Unit unit) {
    long time = call.number(argument);
    if (time <= 0 || (unit.seconds && time > Long.MAX_VALUE / MILLIS)) {
      throw invalid(call);
    }
    long millis = unit.seconds ? time * MILLIS : time;
    long deadline = unit.absolute ? millis : millis + call.work().nowMillis();
    if (deadline <= 0) {
      throw invalid(call);
    }
    return Math.min(deadline, LAST);
  }

  /**
   * Returns the new deadline of an entry, which may have passed.
   *
   * @throws RespException if the argument is not a number, or is too large
   */
  static long ofEntry(CommandContext call, int argument, Unit unit) {
    long time = call.number(argument);
    if (unit.seconds && (time > Long.MAX_VALUE / MILLIS || time < Long.MIN_VALUE / MILLIS)) {
      throw invalid(call);
    }
    long millis = unit.seconds ? time * MILLIS : time;
    long base = unit.absolute ? 0 : call.work().nowMillis();
    if (millis > Long.MAX_VALUE - base) {
      throw invalid(call);
    }
    return Math.min(millis + base, LAST);
  }

  private static RespException invalid(CommandContext call) {
    return new RespException("ERR invalid expire time in '" + call.command().name() + "' command");
  }
}
