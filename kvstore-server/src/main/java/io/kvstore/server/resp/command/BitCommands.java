package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import io.kvstore.server.resp.session.StoredValue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bitmap commands; the highest bit of a byte comes first. */
final class BitCommands {
  private BitCommands() {}

  static List<RespCommand> all() {
    return List.of(
        new RespCommand("setbit", 4, Keys.FIRST, BitCommands::setBit)
            .with(Flag.WRITE, Flag.DENYOOM)
            .in("bitmap"),
        read("getbit", 3, BitCommands::getBit).with(Flag.FAST),
        read("bitcount", -2, BitCommands::count),
        read("bitpos", -3, BitCommands::position),
        new RespCommand("bitop", -4, new Keys(2, -1, 1), BitCommands::combine)
            .with(Flag.WRITE, Flag.DENYOOM)
            .in("bitmap"));
  }

  private static RespCommand read(String name, int arity, RespCommand.Action action) {
    return new RespCommand(name, arity, Keys.FIRST, action).with(Flag.READONLY).in("bitmap");
  }

  private static long offset(CommandContext call) {
    long offset = call.request().isNumber(2) ? call.number(2) : -1;
    if (offset < 0 || offset >> 3 >= call.context().limits().maxValueBytes()) {
      throw new RespException("ERR bit offset is not an integer or out of range");
    }
    return offset;
  }

  private static void setBit(CommandContext call) {
    long offset = offset(call);
    long bit = call.request().isNumber(3) ? call.number(3) : -1;
    if (bit != 0 && bit != 1) {
      throw new RespException("ERR bit is not an integer or out of range");
    }
    byte[] key = call.key(1);
    StoredValue stored = call.work().find(key);
    int index = (int) (offset >> 3);
    int shift = 7 - (int) (offset & 7);
    int length = stored == null ? 0 : stored.length();
    int before = stored == null || index >= length ? 0 : (stored.at(index) >> shift) & 1;
    if (index >= length || before != bit) {
      call.checkLength(Math.max(length, index + 1));
      byte[] old = stored == null ? new byte[0] : stored.value();
      byte[] value = Arrays.copyOf(old, Math.max(length, index + 1));
      value[index] = (byte) ((value[index] & ~(1 << shift)) | ((int) bit << shift));
      call.work().put(key, value, stored == null ? StoredValue.FOREVER : stored.deadline());
    }
    call.out().integer(before);
  }

  private static void getBit(CommandContext call) {
    long offset = offset(call);
    StoredValue stored = call.find(1);
    int index = (int) (offset >> 3);
    int shift = 7 - (int) (offset & 7);
    int bit = stored == null || index >= stored.length() ? 0 : (stored.at(index) >> shift) & 1;
    call.out().integer(bit);
  }

  private static void count(CommandContext call) {
    StoredValue stored = call.find(1);
    if (stored == null) {
      call.out().integer(0);
      return;
    }
    if (call.count() == 2) {
      call.out().integer(Bits.count(stored, 0, 8L * stored.length() - 1));
      return;
    }
    if (call.count() != 4 && call.count() != 5) {
      throw RespException.syntax();
    }
    long start = call.number(2);
    long end = call.number(3);
    if (start < 0 && end < 0 && start > end) {
      call.out().integer(0);
      return;
    }
    boolean bits = call.count() == 5 && isInBits(call, 4);
    Bits.Range range = Bits.Range.of(start, end, bits, stored.length());
    call.out().integer(Bits.count(stored, range.first(), range.last()));
  }

  private static boolean isInBits(CommandContext call, int i) {
    if (call.is(i, "BIT")) {
      return true;
    }
    if (call.is(i, "BYTE")) {
      return false;
    }
    throw RespException.syntax();
  }

  private static void position(CommandContext call) {
    long bit = call.number(2);
    if (bit != 0 && bit != 1) {
      throw new RespException("ERR The bit argument must be 1 or 0.");
    }
    StoredValue stored = call.find(1);
    if (stored == null) {
      call.out().integer(bit == 0 ? 0 : -1);
      return;
    }
    int count = call.count();
    if (count > 6) {
      throw RespException.syntax();
    }
    long start = count > 3 ? call.number(3) : 0;
    boolean bits = count > 5 && isInBits(call, 5);
    boolean hasEnd = count > 4;
    long end = hasEnd ? call.number(4) : -1;
    Bits.Range range = Bits.Range.of(start, end, bits, stored.length());
    if (range.first() > range.last()) {
      call.out().integer(-1);
      return;
    }
    long found = Bits.find(stored, (int) bit, range);
    if (found < 0 && bit == 0 && !hasEnd) {
      // The bits after the end count as zeros.
      found = 8L * stored.length();
    }
    call.out().integer(found);
  }

  private static void combine(CommandContext call) {
    char operator = operator(call);
    if (operator == '~' && call.count() != 4) {
      throw new RespException("ERR BITOP NOT must be called with a single source key.");
    }
    StoredValue[] sources = new StoredValue[call.count() - 3];
    int length = 0;
    for (int i = 0; i < sources.length; i++) {
      sources[i] = call.find(i + 3);
      length = Math.max(length, sources[i] == null ? 0 : sources[i].length());
    }
    byte[] target = call.key(2);
    if (length == 0) {
      call.work().delete(target);
    } else {
      call.checkLength(length);
      call.work().reserve(length);
      byte[] result = combined(sources, operator, length);
      call.work().reserve(-length); // from here on it counts as what is written
      call.work().put(target, result);
    }
    call.out().integer(length);
  }

  private static char operator(CommandContext call) {
    if (call.is(1, "AND")) {
      return '&';
    }
    if (call.is(1, "OR")) {
      return '|';
    }
    if (call.is(1, "XOR")) {
      return '^';
    }
    if (call.is(1, "NOT")) {
      return '~';
    }
    throw RespException.syntax();
  }

  /** Combines values, the shorter of which are followed by zeros. */
  private static byte[] combined(@Nullable StoredValue[] sources, char operator, int length) {
    byte[] result = new byte[length];
    combine(result, sources[0], '|');
    for (int i = 1; i < sources.length; i++) {
      combine(result, sources[i], operator);
    }
    for (int k = 0; operator == '~' && k < length; k++) {
      result[k] = (byte) ~result[k];
    }
    return result;
  }

  private static void combine(byte[] result, @Nullable StoredValue other, char operator) {
    int length = 0;
    if (other != null) {
      length = other.length();
      combine(ByteBuffer.wrap(result), other.bytes().slice(), operator);
    }
    if (operator == '&') {
      Arrays.fill(result, length, result.length, (byte) 0);
    }
  }

  private static void combine(ByteBuffer result, ByteBuffer other, char operator) {
    int at = 0;
    for (; at + Long.BYTES <= other.limit(); at += Long.BYTES) {
      result.putLong(at, combined(result.getLong(at), other.getLong(at), operator));
    }
    for (; at < other.limit(); at++) {
      result.put(at, (byte) combined(result.get(at), other.get(at), operator));
    }
  }

  private static long combined(long a, long b, char operator) {
    return switch (operator) {
      case '&' -> a & b;
      case '|' -> a | b;
      default -> a ^ b;
    };
  }
}
