package io.kvstore.server.config;

import io.kvstore.server.config.Setting.Section;
import io.kvstore.server.http.message.HttpLimits;
import java.time.Duration;
import java.util.List;

/** The settings and limits of the main port. */
final class HttpConfig {
  private static final Setting<Duration> IDLE_TIME =
      Setting.of(
              "idle-time",
              "<time>",
              SettingType.time(Duration.ofSeconds(1), Duration.ofDays(1), "from 1s to 1d"))
          .byDefault("60s")
          .helped("Time after which a connection without activity is closed.");

  static final Setting<Duration> DELIVERY_TIME =
      Setting.of(
              "delivery-time",
              "<time>",
              SettingType.time(Duration.ofMillis(100), Duration.ofDays(1), "from 100ms to 1d"))
          .byDefault("30s")
          .helped(
              "Time limit for a TLS handshake, for the header section of a request, and for"
                  + " each further 64 KiB of its body.");

  private static final Setting<Integer> MAX_HEADER_BYTES =
      Setting.of("max-header-bytes", "<bytes>", SettingType.bytes(1 << 10, 1 << 20))
          .byDefault("16384", "16 KiB")
          .helped("Limit of the header fields of a request, together.");

  private static final Setting<Integer> MAX_WAITING_WRITES =
      Setting.of("max-waiting-writes", "<number>", SettingType.number(1, 1_000_000))
          .byDefault("10000")
          .helped(
              "Limit of HTTP writes that wait for the store; further ones are answered 503 with"
                  + " Retry-After.");

  static final Section SECTION =
      new Section("HTTP", List.of(IDLE_TIME, DELIVERY_TIME, MAX_HEADER_BYTES, MAX_WAITING_WRITES));

  private HttpConfig() {}

  static HttpLimits of(Values values, int maxValueBytes, int maxConnections) {
    return HttpLimits.of(maxValueBytes)
        .with(maxConnections, values.get(MAX_WAITING_WRITES), values.get(MAX_HEADER_BYTES))
        .with(values.get(IDLE_TIME), values.get(DELIVERY_TIME));
  }
}
