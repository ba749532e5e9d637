package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.StoredValue;
import org.jspecify.annotations.Nullable;

/** The options of SET and GETEX. */
final class SetOptions {
  private boolean ifAbsent;
  private boolean ifPresent;
  private boolean get;
  private boolean keepTtl;
  private boolean persist;
  private Deadlines.@Nullable Unit unit;
  private int time;

  private SetOptions() {}

  /**
   * Parses the options.
   *
   * @param isGet whether they are those of GETEX
   * @throws RespException if one is unknown, or conflicts with another
   */
  static SetOptions read(Request request, int from, boolean isGet) {
    SetOptions options = new SetOptions();
    for (int i = from; i < request.count(); i++) {
      boolean more = i + 1 < request.count();
      if (isGet ? !options.takeForGet(request, i) : !options.takeForSet(request, i)) {
        Deadlines.@Nullable Unit unit = more ? unit(request, i) : null;
        if (unit == null || options.unit != null || options.keepTtl || options.persist) {
          throw RespException.syntax();
        }
        options.unit = unit;
        options.time = ++i;
      }
    }
    return options;
  }

  private boolean takeForSet(Request request, int i) {
    if (request.is(i, "NX") && !ifPresent) {
      ifAbsent = true;
    } else if (request.is(i, "XX") && !ifAbsent) {
      ifPresent = true;
    } else if (request.is(i, "GET")) {
      get = true;
    } else if (request.is(i, "KEEPTTL") && unit == null) {
      keepTtl = true;
    } else {
      return false;
    }
    return true;
  }

  private boolean takeForGet(Request request, int i) {
    boolean takes = request.is(i, "PERSIST") && unit == null;
    persist |= takes;
    return takes;
  }

  private static Deadlines.@Nullable Unit unit(Request request, int i) {
    for (Deadlines.Unit unit : Deadlines.Unit.values()) {
      if (request.is(i, unit.name())) {
        return unit;
      }
    }
    return null;
  }

  /** Whether the key must be absent. */
  boolean ifAbsent() {
    return ifAbsent;
  }

  boolean ifPresent() {
    return ifPresent;
  }

  /** Whether the reply is the previous value. */
  boolean get() {
    return get;
  }

  boolean keepTtl() {
    return keepTtl;
  }

  boolean persist() {
    return persist;
  }

  boolean hasTime() {
    return unit != null;
  }

  /** Returns the deadline, or none if no time was given. */
  long deadline(CommandContext call) {
    return unit == null ? StoredValue.FOREVER : Deadlines.ofValue(call, time, unit);
  }
}
