package io.kvstore.server.resp.command;

import io.kvstore.ValueView;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import io.kvstore.server.resp.session.StoredValue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Commands that read values, or change a part of one. */
final class StringCommands {
  private static final byte[] EMPTY = {};

  private StringCommands() {}

  static List<RespCommand> all() {
    return List.of(
        read("get", 2, Keys.FIRST, StringCommands::get).with(StringCommands::getShort),
        read("mget", -2, Keys.ALL, StringCommands::mget),
        read("strlen", 2, Keys.FIRST, StringCommands::strlen),
        read("getrange", 4, Keys.FIRST, StringCommands::getRange),
        read("substr", 4, Keys.FIRST, StringCommands::getRange),
        read("lcs", -3, Keys.TWO, Lcs::run),
        write("getdel", 2, Keys.FIRST, StringCommands::getDel),
        write("append", 3, Keys.FIRST, StringCommands::append).with(Flag.DENYOOM),
        write("setrange", 4, Keys.FIRST, StringCommands::setRange).with(Flag.DENYOOM));
  }

  static RespCommand read(String name, int arity, Keys keys, RespCommand.Action action) {
    return new RespCommand(name, arity, keys, action).with(Flag.READONLY).in("string");
  }

  static RespCommand write(String name, int arity, Keys keys, RespCommand.Action action) {
    return new RespCommand(name, arity, keys, action).with(Flag.WRITE).in("string");
  }

  static void answer(CommandContext call, @Nullable StoredValue stored) {
    if (stored == null) {
      call.out().nothing();
    } else {
      call.out().bulk(stored.bytes());
    }
  }

  private static void get(CommandContext call) {
    answer(call, call.find(1));
  }

  private static CompletableFuture<?> getShort(CommandContext call) {
    ValueView view = call.context().store().view(call.key(1));
    if (view == null) {
      call.out().nothing();
    } else {
      call.out().bulk(view.bytes());
    }
    return CommandContext.DONE;
  }

  private static void mget(CommandContext call) {
    call.out().array(call.count() - 1);
    for (int i = 1; i < call.count(); i++) {
      answer(call, call.find(i));
    }
  }

  private static void strlen(CommandContext call) {
    StoredValue stored = call.find(1);
    call.out().integer(stored == null ? 0 : stored.length());
  }

  private static void getRange(CommandContext call) {
    long start = call.number(2);
    long end = call.number(3);
    StoredValue stored = call.find(1);
    int length = stored == null ? 0 : stored.length();
    if (start < 0 && end < 0 && start > end) {
      call.out().bulk(EMPTY);
      return;
    }
    long from = Math.max(0, start < 0 ? length + start : start);
    long to = Math.min(length - 1L, Math.max(0, end < 0 ? length + end : end));
    if (stored == null || from > to) {
      call.out().bulk(EMPTY);
    } else {
      ByteBuffer bytes = stored.bytes();
      call.out().bulk(bytes.slice(bytes.position() + (int) from, (int) (to - from + 1)));
    }
  }

  private static void getDel(CommandContext call) {
    byte[] key = call.key(1);
    StoredValue stored = call.work().find(key);
    answer(call, stored);
    if (stored != null) {
      call.work().delete(key);
    }
  }

  private static void append(CommandContext call) {
    byte[] key = call.key(1);
    byte[] more = call.bytes(2);
    StoredValue stored = call.work().find(key);
    int length = stored == null ? 0 : stored.length();
    call.checkLength((long) length + more.length);
    byte[] value = more;
    if (stored != null) {
      value = new byte[length + more.length];
      stored.bytes().get(stored.bytes().position(), value, 0, length);
      System.arraycopy(more, 0, value, length, more.length);
    }
    call.work().put(key, value, stored == null ? StoredValue.FOREVER : stored.deadline());
    call.out().integer(value.length);
  }

  private static void setRange(CommandContext call) {
    byte[] key = call.key(1);
    long offset = call.number(2);
    if (offset < 0) {
      throw new RespException("ERR offset is out of range");
    }
    byte[] part = call.bytes(3);
    StoredValue stored = call.work().find(key);
    int length = stored == null ? 0 : stored.length();
    if (part.length == 0) {
      call.out().integer(length);
      return;
    }
    call.checkLength(offset > Integer.MAX_VALUE ? Long.MAX_VALUE : offset + part.length);
    int end = (int) offset + part.length;
    byte[] old = stored == null ? EMPTY : stored.value();
    byte[] value = Arrays.copyOf(old, Math.max(length, end));
    System.arraycopy(part, 0, value, (int) offset, part.length);
    call.work().put(key, value, stored == null ? StoredValue.FOREVER : stored.deadline());
    call.out().integer(value.length);
  }
}
