package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.Glob;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** The reply of CONFIG GET: the settings that clients read, under the names of Redis; read-only. */
final class ConfigReply {
  private ConfigReply() {}

  private static Map<String, String> settings(RespContext context) {
    RespLimits limits = context.limits();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("save", "");
    settings.put("appendonly", "yes");
    settings.put("databases", "1");
    settings.put("maxclients", Integer.toString(limits.maxConnections()));
    settings.put("maxmemory", "0");
    settings.put("maxmemory-policy", "noeviction");
    settings.put("notify-keyspace-events", "");
    settings.put("proto-max-bulk-len", Integer.toString(limits.maxBulkBytes()));
    settings.put("client-query-buffer-limit", Long.toString(limits.maxCommandBytes()));
    settings.put("timeout", Long.toString(limits.idleTime().toSeconds()));
    settings.put("tcp-keepalive", "300");
    settings.put("cluster-enabled", "no");
    return settings;
  }

  static void get(CommandContext call) {
    Map<String, String> found = new LinkedHashMap<>();
    Map<String, String> settings = settings(call.context());
    for (int i = 2; i < call.count(); i++) {
      Glob glob = Glob.of(call.request(), i).inLowerCase();
      call.work().spend(2);
      settings.forEach(
          (name, value) -> {
            if (glob.matches(RespReplies.ascii(name))) {
              found.put(name, value);
            }
          });
    }
    call.out().map(found.size());
    found.forEach(
        (name, value) -> {
          call.out().bulk(name);
          call.out().bulk(value);
        });
  }
}
