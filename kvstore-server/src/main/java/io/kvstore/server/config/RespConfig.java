package io.kvstore.server.config;

import io.kvstore.server.config.Setting.Section;
import io.kvstore.server.resp.protocol.RespLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the Redis protocol.
 *
 * @param port 0 for any free port
 * @param passwordFile the file whose first line is the password; null for none
 */
public record RespConfig(int port, @Nullable Path passwordFile, RespLimits limits) {
  private static final Setting<Integer> PORT =
      Setting.of("resp-port", "<port>", SettingType.number(0, ServerConfig.MAX_PORT))
          .helped(
              "Port of the Redis protocol, usually 6379, which serves the same store; 0 for"
                  + " any free port.");

  private static final Setting<Path> PASSWORD_FILE =
      Setting.of("resp-password-file", "<file>", SettingType.file())
          .helped(
              "File whose first line is the password that clients of --resp-port must give;"
                  + " without it and without tokens, every client is accepted.");

  private static final Setting<Duration> IDLE_TIME =
      Setting.of(
              "resp-idle-time",
              "<time>",
              SettingType.time(
                  Duration.ZERO, Duration.ofDays(1), "up to 1d, such as 5m, or 0s for never"))
          .byDefault("0s", "never")
          .helped("Time after which a client of --resp-port without activity is disconnected.");

  static final Section SECTION =
      new Section("The Redis protocol", List.of(PORT, PASSWORD_FILE, IDLE_TIME));

  static @Nullable RespConfig of(Values values, int maxValueBytes, int maxConnections) {
    RespLimits limits = RespLimits.of(maxValueBytes, maxConnections, values.get(IDLE_TIME));
    values.checkUse(PASSWORD_FILE, PORT);
    Integer port = values.find(PORT);
    return port == null ? null : new RespConfig(port, values.find(PASSWORD_FILE), limits);
  }
}
