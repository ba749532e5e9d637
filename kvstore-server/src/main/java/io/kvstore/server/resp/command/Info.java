package io.kvstore.server.resp.command;

import io.kvstore.StoreStats;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespContext;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The INFO command: server information, in sections of lines, in the format that clients parse. */
final class Info {
  /** A section, which writes its lines to a builder. */
  private interface Section {
    void write(RespContext context, BiConsumer<String, Object> line);
  }

  /** The work of all sections. */
  private static final int LEAST_WORK = 64;

  /** The clients that are looked at in a unit of work. */
  private static final int CLIENTS_PER_UNIT = 16;

  private static final Map<String, Section> SECTIONS = new LinkedHashMap<>();

  static {
    SECTIONS.put("Server", Info::server);
    SECTIONS.put("Clients", Info::clients);
    SECTIONS.put("Memory", Info::memory);
    SECTIONS.put("Persistence", Info::persistence);
    SECTIONS.put("Stats", Info::stats);
    SECTIONS.put("Replication", Info::replication);
    SECTIONS.put("Cluster", (context, line) -> line.accept("cluster_enabled", 0));
    SECTIONS.put("Keyspace", Info::keyspace);
  }

  private Info() {}

  static void run(CommandContext call) {
    call.work()
        .spend(LEAST_WORK + call.count() + call.context().clients().count() / CLIENTS_PER_UNIT);
    Set<String> wanted = new LinkedHashSet<>();
    for (int i = 1; i < call.count(); i++) {
      wanted.add(call.request().text(i).toLowerCase(Locale.ROOT));
    }
    boolean all =
        wanted.isEmpty()
            || wanted.contains("all")
            || wanted.contains("default")
            || wanted.contains("everything");
    StringBuilder text = new StringBuilder();
    SECTIONS.forEach(
        (name, section) -> {
          if (all || wanted.contains(name.toLowerCase(Locale.ROOT))) {
            text.append(text.isEmpty() ? "" : "\r\n").append("# ").append(name).append("\r\n");
            section.write(
                call.context(),
                (key, value) -> text.append(key).append(':').append(value).append("\r\n"));
          }
        });
    call.out().verbatim(text.toString());
  }

  private static void server(RespContext context, BiConsumer<String, Object> line) {
    long seconds = (System.currentTimeMillis() - context.counters().startedMillis()) / 1000;
    line.accept("redis_version", ConnectionCommands.REDIS_VERSION);
    line.accept("redis_mode", "standalone");
    line.accept("server_name", "kvstore");
    line.accept("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    line.accept("arch_bits", 64);
    line.accept("process_id", ProcessHandle.current().pid());
    line.accept("uptime_in_seconds", seconds);
    line.accept("uptime_in_days", seconds / 86_400);
  }

  private static void clients(RespContext context, BiConsumer<String, Object> line) {
    line.accept("connected_clients", context.clients().count());
    line.accept("maxclients", context.clients().most());
    line.accept("blocked_clients", 0);
    line.accept("pubsub_clients", subscribers(context));
  }

  private static long subscribers(RespContext context) {
    return context.clients().all().stream().filter(Client::isSubscriber).count();
  }

  private static void memory(RespContext context, BiConsumer<String, Object> line) {
    Runtime runtime = Runtime.getRuntime();
    line.accept("used_memory", runtime.totalMemory() - runtime.freeMemory());
    line.accept("mem_clients_normal", context.sending().taken());
    line.accept("maxmemory", 0);
    line.accept("maxmemory_policy", "noeviction");
  }

  private static void persistence(RespContext context, BiConsumer<String, Object> line) {
    line.accept("loading", 0);
    line.accept("rdb_bgsave_in_progress", 0);
    line.accept("rdb_last_save_time", context.counters().savedMillis() / 1000);
    line.accept("rdb_last_bgsave_status", "ok");
    line.accept("aof_enabled", 1);
    line.accept("aof_rewrite_in_progress", 0);
    line.accept("aof_last_write_status", "ok");
  }

  private static void stats(RespContext context, BiConsumer<String, Object> line) {
    StoreStats stats = context.store().stats();
    line.accept("total_connections_received", context.counters().connections());
    line.accept("total_commands_processed", context.traffic().answers());
    line.accept("rejected_connections", context.counters().rejections());
    line.accept("keyspace_hits", stats.operations().hits());
    line.accept("keyspace_misses", stats.operations().gets() - stats.operations().hits());
    line.accept("pubsub_channels", context.pubSub().channelCount());
    line.accept("pubsub_patterns", context.pubSub().patternCount());
  }

  private static void replication(RespContext context, BiConsumer<String, Object> line) {
    line.accept("role", "master");
    line.accept("connected_slaves", 0);
  }

  private static void keyspace(RespContext context, BiConsumer<String, Object> line) {
    long entries = context.store().size();
    if (entries > 0) {
      line.accept("db0", "keys=" + entries + ",expires=0,avg_ttl=0");
    }
  }
}
