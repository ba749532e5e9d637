package io.kvstore.server.resp.command;

import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.Page;
import io.kvstore.server.net.LongWork;
import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.Glob;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import io.kvstore.server.resp.session.RespContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commands for the whole store. None of them is atomic, so they are not allowed in transactions.
 */
final class ScanCommands {
  private static final int DEFAULT_COUNT = 10;

  private ScanCommands() {}

  static List<RespCommand> all() {
    return List.of(
        read("keys", 2, ScanCommands::keys),
        read("scan", -2, ScanCommands::scan),
        read("randomkey", 1, ScanCommands::randomKey),
        read("dbsize", 1, call -> call.out().integer(call.context().store().size())),
        write("flushall"),
        write("flushdb"));
  }

  private static RespCommand read(String name, int arity, RespCommand.Action action) {
    return new RespCommand(name, arity, Keys.NONE, action)
        .with(Flag.READONLY, Flag.NO_MULTI)
        .in(name.equals("dbsize") ? "server" : "generic");
  }

  private static RespCommand write(String name) {
    return new RespCommand(name, -1, Keys.NONE, ScanCommands::flush)
        .with(Flag.WRITE, Flag.NO_MULTI)
        .in("server");
  }

  private static void keys(CommandContext call) {
    Glob glob = Glob.of(call.request(), 1);
    boolean all = glob.isAll();
    RespReplies found = call.out().beside();
    int[] count = new int[1];
    IncrementalScan scan = new IncrementalScan(call.context().store(), call.client());
    call.answerLater(
        scan.show(
                entry -> {
                  long stepsBefore = glob.steps();
                  if (all || glob.matches(entry.key())) {
                    found.bulk(entry.key());
                    count[0]++;
                  }
                  return Turn.ofBytes(glob.steps() - stepsBefore);
                })
            .thenApply(
                done ->
                    out -> {
                      out.array(count[0]);
                      out.take(found);
                    }));
  }

  private static void scan(CommandContext call) {
    long number = cursor(call);
    int count = DEFAULT_COUNT;
    Glob glob = null;
    boolean strings = true;
    for (int i = 2; i < call.count(); i += 2) {
      boolean more = i + 1 < call.count();
      if (call.is(i, "COUNT") && more) {
        long wanted = call.number(i + 1);
        if (wanted < 1) {
          throw RespException.syntax();
        }
        count = (int) Math.min(wanted, RespLimits.MAX_SCAN_COUNT);
      } else if (call.is(i, "MATCH") && more) {
        glob = Glob.of(call.request(), i + 1);
      } else if (call.is(i, "TYPE") && more) {
        strings = call.is(i + 1, "STRING");
      } else {
        throw RespException.syntax();
      }
    }
    Glob wanted = glob == null || glob.isAll() ? null : glob;
    Search search = new Search(call.context(), strings, wanted);
    @Nullable String cursor = cursorOf(call, number);
    int most = count;
    call.answerLater(
        LongWork.submit(() -> CompletableFuture.completedFuture(search.run(cursor, most))));
  }

  /** A step of SCAN: reads entries, and replies with the keys of those that are wanted. */
  private record Search(RespContext context, boolean strings, @Nullable Glob wanted) {

    Consumer<RespReplies> run(@Nullable String from, int count) {
      List<byte[]> keys = new ArrayList<>();
      String cursor = from;
      int left = count;
      int pages = 0;
      do {
        Page<byte[], byte[]> page = page(context.store(), cursor, left);
        for (Entry<byte[], byte[]> entry : page.entries()) {
          if (strings && (wanted == null || wanted.matches(entry.key()))) {
            keys.add(entry.key());
          }
        }
        left -= page.entries().size();
        cursor = page.cursor();
      } while (cursor != null && left > 0 && ++pages < RespLimits.MAX_SCAN_PAGES);
      long next = context.cursors().number(cursor);
      return out -> {
        out.array(2);
        out.bulk(Long.toUnsignedString(next));
        out.array(keys.size());
        keys.forEach(out::bulk);
      };
    }
  }

  private static long cursor(CommandContext call) {
    try {
      return Long.parseUnsignedLong(call.request().text(1));
    } catch (NumberFormatException e) {
      throw new RespException("ERR invalid cursor");
    }
  }

  private static @Nullable String cursorOf(CommandContext call, long number) {
    try {
      return call.context().cursors().cursor(number);
    } catch (IllegalArgumentException e) {
      throw new RespException("ERR invalid cursor");
    }
  }

  private static Page<byte[], byte[]> page(
      KvStore<byte[], byte[]> store, @Nullable String cursor, int count) {
    try {
      return store.page(KeyRange.all(), cursor, count);
    } catch (IllegalArgumentException e) {
      throw new RespException("ERR invalid cursor");
    }
  }

  private static void randomKey(CommandContext call) {
    RespContext context = call.context();
    call.answerLater(
        LongWork.submit(
            () -> {
              byte[] key = context.cursors().randomKey(context.store());
              return CompletableFuture.completedFuture(
                  out -> {
                    if (key == null) {
                      out.nothing();
                    } else {
                      out.bulk(key);
                    }
                  });
            }));
  }

  private static void flush(CommandContext call) {
    boolean plain = call.count() == 1;
    boolean withMode = call.count() == 2 && (call.is(1, "ASYNC") || call.is(1, "SYNC"));
    if (!plain && !withMode) {
      throw RespException.syntax();
    }
    IncrementalScan scan = new IncrementalScan(call.context().store(), call.client());
    call.answerLater(scan.delete().thenApply(done -> RespReplies::ok));
  }
}
