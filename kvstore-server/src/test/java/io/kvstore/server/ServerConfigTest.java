package io.kvstore.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kvstore.Durability;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigTest {

  @Test
  void defaultsAreThoseOfTheHelp() {
    ServerConfig config = ServerConfig.of(Map.of(), Map.of());

    assertThat(config.port()).isEqualTo(3000);
    assertThat(config.bind().isLoopbackAddress()).isTrue();
    assertThat(config.dataDir()).isEqualTo(Path.of("./data"));
    assertThat(config.durability()).isEqualTo(Durability.INTERVAL);
    assertThat(config.syncInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.maxValueBytes()).isEqualTo(64 << 20);
    assertThat(config.eventLoops()).isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  @Test
  void environmentReplacesDefaults() throws Exception {
    ServerConfig config =
        ServerConfig.of(
            Map.of(),
            Map.of(
                "KVSTORE_PORT", "4000",
                "KVSTORE_BIND", "0.0.0.0",
                "KVSTORE_DATA_DIR", "/srv/kv",
                "KVSTORE_DURABILITY", "sync",
                "KVSTORE_SYNC_INTERVAL", "500ms",
                "KVSTORE_MAX_VALUE_BYTES", "10",
                "KVSTORE_EVENT_LOOPS", "3"));

    assertThat(config)
        .isEqualTo(
            new ServerConfig(
                4000,
                InetAddress.getByName("0.0.0.0"),
                Path.of("/srv/kv"),
                Durability.SYNC,
                Duration.ofMillis(500),
                10,
                3,
                null));
  }

  @Test
  void flagsReplaceEnvironment() {
    ServerConfig config =
        ServerConfig.of(
            Map.of("port", "5000"), Map.of("KVSTORE_PORT", "4000", "KVSTORE_EVENT_LOOPS", "7"));

    assertThat(config.port()).isEqualTo(5000);
    assertThat(config.eventLoops()).isEqualTo(7);
  }

  @Test
  void redisProtocolIsOffUnlessItHasAPort() {
    assertThat(ServerConfig.of(Map.of(), Map.of()).resp()).isNull();
    assertThat(
            ServerConfig.of(
                    Map.of("resp-port", "6379", "resp-idle-time", "5m"),
                    Map.of("KVSTORE_RESP_PASSWORD_FILE", "secret"))
                .resp())
        .isEqualTo(new ServerConfig.RespConfig(6379, Path.of("secret"), Duration.ofMinutes(5)));
  }

  @Test
  void emptyVariableCountsAsUnset() {
    assertThat(ServerConfig.of(Map.of(), Map.of("KVSTORE_PORT", "")).port()).isEqualTo(3000);
  }

  @Test
  void badVariableIsNamedByItsOwnName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerConfig.of(Map.of(), Map.of("KVSTORE_PORT", "many")))
        .withMessage("KVSTORE_PORT is 'many', not a whole number from 0 to 65535");
  }

  @ParameterizedTest
  @CsvSource({"5s, 5000", "500ms, 500", "1m, 60000", "2h, 7200000", "1d, 86400000"})
  void timesHaveUnits(String text, long millis) {
    assertThat(ServerConfig.of(Map.of("sync-interval", text), Map.of()).syncInterval())
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "port, 65536, 65535",
    "port, -1, 65535",
    "port, 3k, 65535",
    "bind, no.such.host.invalid, interface",
    "durability, always, 'process, interval, sync'",
    "sync-interval, 0ms, 1ms",
    "sync-interval, 2d, 1d",
    "sync-interval, 5, 500ms",
    "sync-interval, soon, 500ms",
    "max-value-bytes, 1073741825, 1073741824",
    "max-value-bytes, -1, 1073741824",
    "event-loops, 0, 256",
    "event-loops, 257, 256",
    "resp-port, 65536, 65535",
    "resp-password-file, secret, --resp-port",
  })
  void badValueIsRefusedWithInputAndLimit(String name, String value, String limit) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerConfig.of(Map.of(name, value), Map.of()))
        .withMessageStartingWith("--" + name + " is '" + value + "', not ")
        .withMessageContaining(limit);
  }
}
