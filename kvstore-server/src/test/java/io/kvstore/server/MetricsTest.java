package io.kvstore.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class MetricsTest {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (kvstore_\\w+) \\w+$");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(kvstore_\\w+)`");

  @TempDir private Path directory;

  private ManagedServer server;

  @BeforeEach
  void start() throws Exception {
    server = ManagedServer.start(directory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String scrape() throws Exception {
    return server.get(server.managed("/metrics")).body();
  }

  private Jedis jedis() {
    return new Jedis("127.0.0.1", server.server().respAddress().getPort());
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() throws Exception {
    server.get(server.main("/a"));
    try (Jedis jedis = jedis()) {
      jedis.get("a");
    }
    Set<String> exposed = found(TYPE, scrape());

    assertThat(exposed).hasSizeGreaterThan(30);
    assertThat(found(ROW, Files.readString(Path.of("../docs/server.md")))).isEqualTo(exposed);
  }

  @Test
  void everyMetricHasAHelpText() throws Exception {
    String all = scrape();

    for (String name : found(TYPE, all)) {
      assertThat(all).containsPattern("(?m)^# HELP " + name + " \\S+ .*\\.$");
    }
  }

  @Test
  void requestsAreCountedByOperationAndStatus() throws Exception {
    server.send("PUT", server.main("/a"), "1");
    server.get(server.main("/a"));
    server.get(server.main("/missing"));
    server.send("DELETE", server.main("/a"), "");

    assertThat(scrape())
        .contains("kvstore_http_requests_total{operation=\"get\",status=\"200\"} 1.0\n")
        .contains("kvstore_http_requests_total{operation=\"get\",status=\"404\"} 1.0\n")
        .containsPattern("kvstore_http_requests_total\\{operation=\"put\",status=\"20\\d\"} 1.0\n")
        .contains("kvstore_http_requests_total{operation=\"delete\",status=\"200\"} 1.0\n")
        .contains("kvstore_http_request_duration_seconds_count{operation=\"get\"} 2\n")
        .contains("kvstore_http_request_duration_seconds_bucket{operation=\"put\",le=\"+Inf\"} 1\n")
        .contains("kvstore_store_puts_total 1.0\n")
        .contains("kvstore_store_gets_total{result=\"miss\"} 1.0\n");
  }

  @Test
  void commandsAreCountedByKindAndOutcome() throws Exception {
    try (Jedis jedis = jedis()) {
      jedis.set("a", "1");
      jedis.get("a");
      jedis.incr("a");
      try {
        jedis.sendCommand(() -> "NONSENSE".getBytes(US_ASCII));
      } catch (RuntimeException expected) {
        // Counted as an error.
      }

      assertThat(scrape())
          .contains("kvstore_resp_commands_total{kind=\"read\",outcome=\"ok\"} 1.0\n")
          .contains("kvstore_resp_commands_total{kind=\"write\",outcome=\"ok\"} 2.0\n")
          .contains("kvstore_resp_commands_total{kind=\"other\",outcome=\"error\"} 1.0\n")
          .contains("kvstore_resp_command_duration_seconds_count{kind=\"write\"} 2\n")
          .contains("kvstore_connections_open{door=\"resp\"} 1.0\n");
    }
  }

  @Test
  void jvmIsThereToo() throws Exception {
    assertThat(scrape())
        .contains("jvm_memory_used_bytes{")
        .contains("jvm_threads_live_threads ")
        .contains("process_cpu_usage ")
        .contains("kvstore_event_loop_pending_tasks{loop=\"1\"}");
  }
}
