package io.kvstore.server.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kvstore.Durability;
import io.kvstore.server.accesslog.AccessLogFormat;
import io.kvstore.server.config.ServerConfig.Effective;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.resp.protocol.RespLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigTest {
  @TempDir private Path directory;

  @Test
  void defaultsAreThoseOfTheHelp() {
    ServerConfig config = ServerConfig.of(Map.of(), Map.of());

    assertThat(config.port()).isEqualTo(3000);
    assertThat(config.bind().isLoopbackAddress()).isTrue();
    assertThat(config.store().dataDir()).isEqualTo(Path.of("./data"));
    assertThat(config.store().durability()).isEqualTo(Durability.INTERVAL);
    assertThat(config.store().syncInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.store().maxValueBytes()).isEqualTo(64 << 20);
    assertThat(config.eventLoops()).isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  @Test
  void environmentReplacesDefaults() throws Exception {
    ServerConfig config =
        ServerConfig.of(
            Map.of(),
            Map.ofEntries(
                entry("KVSTORE_PORT", "4000"),
                entry("KVSTORE_BIND", "0.0.0.0"),
                entry("KVSTORE_DATA_DIR", "/srv/kv"),
                entry("KVSTORE_DURABILITY", "sync"),
                entry("KVSTORE_SYNC_INTERVAL", "500ms"),
                entry("KVSTORE_MAX_VALUE_BYTES", "10"),
                entry("KVSTORE_MAX_DISK_BYTES", "1099511627776"),
                entry("KVSTORE_ORDERED", "yes"),
                entry("KVSTORE_DRAIN_TIME", "3s"),
                entry("KVSTORE_MAX_RECEIVING_BYTES", "2000000"),
                entry("KVSTORE_MAX_SENDING_BYTES", "3000000"),
                entry("KVSTORE_ACCESS_LOG", "json"),
                entry("KVSTORE_ACCESS_LOG_FILE", "l"),
                entry("KVSTORE_MAX_CONNECTIONS", "8"),
                entry("KVSTORE_MAX_WAITING_WRITES", "9"),
                entry("KVSTORE_MAX_HEADER_BYTES", "2000"),
                entry("KVSTORE_IDLE_TIME", "4s"),
                entry("KVSTORE_DELIVERY_TIME", "5s"),
                entry("KVSTORE_TLS_CERT", "c"),
                entry("KVSTORE_TLS_KEY", "k"),
                entry("KVSTORE_TLS_CLIENT_CA", "a"),
                entry("KVSTORE_TLS_CLIENT_CRL", "r"),
                entry("KVSTORE_TOKEN_FILE", "t"),
                entry("KVSTORE_ALLOWED_HOSTS", "kv.example"),
                entry("KVSTORE_ALLOWED_ORIGINS", "https://a.example, HTTP://B.example:80"),
                entry("KVSTORE_MANAGEMENT_PORT", "off"),
                entry("KVSTORE_EVENT_LOOPS", "3")));

    assertThat(config)
        .isEqualTo(
            new ServerConfig(
                4000,
                InetAddress.getByName("0.0.0.0"),
                3,
                Duration.ofSeconds(3),
                2_000_000,
                3_000_000,
                new StoreConfig(
                    Path.of("/srv/kv"),
                    Durability.SYNC,
                    Duration.ofMillis(500),
                    10,
                    1L << 40,
                    true),
                HttpLimits.of(10)
                    .with(8, 9, 2000)
                    .with(Duration.ofSeconds(4), Duration.ofSeconds(5)),
                null,
                new TlsConfig(Path.of("c"), Path.of("k"), Path.of("a"), Path.of("r")),
                Path.of("t"),
                new BrowserConfig(
                    List.of("kv.example"), List.of("https://a.example", "http://b.example")),
                new AccessLogConfig(AccessLogFormat.JSON, Path.of("l")),
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
  void environmentReplacesFile() throws IOException {
    ServerConfig config =
        ServerConfig.of(
            Map.of("config", file("port = 5000", "event-loops = 5", "data-dir=/a = b")),
            Map.of("KVSTORE_PORT", "4000"));

    assertThat(config.port()).isEqualTo(4000);
    assertThat(config.eventLoops()).isEqualTo(5);
    assertThat(config.store().dataDir()).isEqualTo(Path.of("/a = b"));
  }

  @Test
  void variableNamesTheFile() throws IOException {
    ServerConfig config =
        ServerConfig.of(Map.of(), Map.of("KVSTORE_CONFIG", file("", "# why", "  port=4000  ")));

    assertThat(config.port()).isEqualTo(4000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '~',
      value = {
        "prot = 1 > line 2 of FILE sets 'prot', which is not a setting, did you mean 'port'?",
        "banana = 1 > line 2 of FILE sets 'banana', which is not a setting",
        "config = a > line 2 of FILE sets 'config', which is not a setting",
        "Port = 1 > line 2 of FILE sets 'Port', which is not a setting, did you mean 'port'?",
        "port > line 2 of FILE is 'port', not 'name = value'",
        "= 1 > line 2 of FILE is '= 1', not 'name = value'",
        "event-loops = 7 > line 2 of FILE sets 'event-loops', as line 1 of FILE does",
        "port = > port in line 2 of FILE is '', not a whole number from 0 to 65535",
        "port = 1 2 > port in line 2 of FILE is '1 2', not a whole number from 0 to 65535",
      })
  void badLineIsRejectedWithFileAndNumber(String line, String message) throws IOException {
    String file = file("event-loops = 3", line);

    assertRejected(file, message.replace("FILE", file));
  }

  @Test
  void fileThatCannotBeReadIsRejected() throws IOException {
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xFF, '=', '1'});
    Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);

    assertRejected("missing", "no such file: missing");
    assertRejected(binary.toString(), binary + " is not text in UTF-8");
    assertRejected(
        large.toString(),
        large + " has more than the limit of 1048576 bytes for a configuration file");
    assertRejected(directory.toString(), "can't read " + directory + ": Is a directory");
  }

  private static void assertRejected(String file, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerConfig.of(Map.of("config", file), Map.of()))
        .withMessage(message);
  }

  @Test
  void effectiveSettingsTellWhereTheyAreFrom() throws IOException {
    String file = file("durability = sync", "max-value-bytes = 5");

    List<Effective> all =
        ServerConfig.effective(
            Map.of("config", file, "port", "1"),
            Map.of("KVSTORE_PORT", "2", "KVSTORE_MAX_VALUE_BYTES", "6"));

    assertThat(all)
        .contains(
            new Effective("config", file, "--config"),
            new Effective("port", "1", "--port"),
            new Effective("max-value-bytes", "6", "KVSTORE_MAX_VALUE_BYTES"),
            new Effective("durability", "sync", "line 1 of " + file),
            new Effective("resp-port", "", "default"),
            new Effective("sync-interval", "5s", "default"));
  }

  private String file(String... lines) throws IOException {
    return Files.write(directory.resolve("kvstore.conf"), List.of(lines)).toString();
  }

  @Test
  void redisProtocolIsOffUnlessItHasAPort() {
    assertThat(ServerConfig.of(Map.of(), Map.of()).resp()).isNull();
    assertThat(
            ServerConfig.of(
                    Map.of("resp-port", "6379", "resp-idle-time", "5m"),
                    Map.of("KVSTORE_RESP_PASSWORD_FILE", "secret"))
                .resp())
        .isEqualTo(
            new RespConfig(
                6379, Path.of("secret"), RespLimits.of(64 << 20, 10_000, Duration.ofMinutes(5))));
  }

  @Test
  void managementPortIsADefaultUnlessItIsAskedForOrOff() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});

    assertThat(ServerConfig.of(Map.of(), Map.of()).management())
        .isEqualTo(new ManagementConfig(3001, loopback, false));
    assertThat(ServerConfig.of(Map.of("management-port", "3001"), Map.of()).management())
        .isEqualTo(new ManagementConfig(3001, loopback, true));
    assertThat(ServerConfig.of(Map.of("management-port", "off"), Map.of()).management()).isNull();
    assertThat(ServerConfig.of(Map.of("management-port", "-1"), Map.of()).management()).isNull();
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
  @CsvSource(
      delimiter = '>',
      value = {
        "KVSTORE_DATADIR > , did you mean 'KVSTORE_DATA_DIR'?",
        "KVSTORE_TOKENS_FILE > , did you mean 'KVSTORE_TOKEN_FILE'?",
        "KVSTORE_XYLOPHONES > ''",
      })
  void misspeltVariableIsRejected(String name, String suggestion) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerConfig.of(Map.of(), Map.of(name, "x")))
        .withMessage("the environment variable " + name + " is not one of a setting" + suggestion);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KVSTORE_SERVICE_HOST",
        "KVSTORE_SERVICE_PORT",
        "KVSTORE_SERVICE_PORT_HTTP",
        "KVSTORE_PORT_3000_TCP",
        "KVSTORE_PORT_3000_TCP_ADDR",
        "KVSTORE_HEADLESS_PORT",
        "KVSTORE_HEADLESS_SERVICE_HOST",
        "OTHER_PORT"
      })
  void variablesOfKubernetesAreIgnored(String name) {
    assertThat(ServerConfig.of(Map.of(), Map.of(name, "tcp://10.0.0.1:3000")).port())
        .isEqualTo(3000);
  }

  @Test
  void byteOrderMarkOfAFileIsIgnored() throws IOException {
    assertThat(ServerConfig.of(Map.of("config", file("\uFEFFport = 1")), Map.of()).port())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "2097152, 2097152",
    "2048KiB, 2097152",
    "2MiB, 2097152",
    "2mib, 2097152",
    "3GiB, 3221225472",
    "1TiB, 1099511627776"
  })
  void sizesMayHaveUnits(String text, long bytes) {
    assertThat(ServerConfig.of(Map.of("max-disk-bytes", text), Map.of()).store().maxDiskBytes())
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"5s, 5000", "500ms, 500", "1m, 60000", "2h, 7200000", "1d, 86400000"})
  void timesHaveUnits(String text, long millis) {
    assertThat(ServerConfig.of(Map.of("sync-interval", text), Map.of()).store().syncInterval())
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
    "max-value-bytes, 2GiB, 1073741824",
    "max-value-bytes, 5MB, 'KiB, MiB or GiB'",
    "max-disk-bytes, 99999999999TiB, 1048576",
    "max-disk-bytes, 1000, 1048576",
    "ordered, true, yes or no",
    "event-loops, 0, 256",
    "event-loops, 257, 256",
    "max-connections, 0, 1000000",
    "drain-time, 2h, 1h",
    "idle-time, 0s, 1s",
    "delivery-time, 99ms, 100ms",
    "max-header-bytes, 1000, 1024",
    "max-receiving-bytes, 1000, 1048576",
    "max-sending-bytes, 1000, 1048576",
    "access-log, common, 'off, combined, json'",
    "access-log-file, l, --access-log",
    "max-waiting-writes, 0, 1000000",
    "tls-cert, c, --tls-key",
    "tls-key, k, --tls-cert",
    "tls-client-ca, a, --tls-cert",
    "tls-client-crl, r, --tls-client-ca",
    "resp-port, 65536, 65535",
    "management-port, 65536, off",
    "management-bind, no.such.host.invalid, interface",
    "resp-password-file, secret, --resp-port",
  })
  void badValueIsRejectedWithInputAndLimit(String name, String value, String limit) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerConfig.of(Map.of(name, value), Map.of()))
        .withMessageStartingWith("--" + name + " is '" + value + "', not ")
        .withMessageContaining(limit);
  }
}
