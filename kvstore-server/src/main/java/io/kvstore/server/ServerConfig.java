package io.kvstore.server;

import io.kvstore.Durability;
import io.kvstore.KvStoreBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server is told: defaults, then the environment, then flags. Flag {@code --data-dir} has
 * the environment variable {@code KVSTORE_DATA_DIR}, and so on; an empty variable counts as unset.
 *
 * @param port 0 for any free port
 * @param bind the address to listen on
 * @param eventLoops threads that serve connections
 * @param resp where the Redis protocol is spoken, or null for nowhere
 */
record ServerConfig(
    int port,
    InetAddress bind,
    Path dataDir,
    Durability durability,
    Duration syncInterval,
    int maxValueBytes,
    int eventLoops,
    @Nullable RespConfig resp) {

  static final int DEFAULT_PORT = 3000;
  static final String DEFAULT_BIND = "127.0.0.1";
  static final String DEFAULT_DATA_DIR = "./data";
  static final String DEFAULT_DURABILITY = "interval";
  static final String DEFAULT_SYNC_INTERVAL = "5s";
  static final int DEFAULT_MAX_VALUE_BYTES = KvStoreBuilder.DEFAULT_MAX_VALUE_BYTES;
  static final int MAX_EVENT_LOOPS = 256;
  static final String DEFAULT_RESP_IDLE_TIME = "0s";

  private static final Duration MAX_RESP_IDLE_TIME = Duration.ofDays(1);

  private static final int MAX_PORT = 65_535;
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  /**
   * Reads the settings.
   *
   * @param flags values by name without dashes, such as {@code data-dir}; only those given
   * @param environment as from {@link System#getenv()}
   * @throws IllegalArgumentException for a value that can't be; the message is one sentence that
   *     names the input and the limit
   */
  static ServerConfig of(Map<String, String> flags, Map<String, String> environment) {
    Source source = new Source(flags, environment);
    return new ServerConfig(
        source.number("port", DEFAULT_PORT, 0, MAX_PORT),
        bind(source.text("bind", DEFAULT_BIND)),
        path(source.text("data-dir", DEFAULT_DATA_DIR), "the path of a directory"),
        durability(source.text("durability", DEFAULT_DURABILITY)),
        syncInterval(source.text("sync-interval", DEFAULT_SYNC_INTERVAL)),
        source.number(
            "max-value-bytes", DEFAULT_MAX_VALUE_BYTES, 0, KvStoreBuilder.LARGEST_MAX_VALUE_BYTES),
        source.number("event-loops", defaultEventLoops(), 1, MAX_EVENT_LOOPS),
        resp(source));
  }

  /**
   * What the door for the Redis protocol is told.
   *
   * @param port 0 for any free port
   * @param passwordFile what clients have to know is its first line; null for nothing
   * @param idleTime a client that says nothing is disconnected after this; zero for never
   */
  record RespConfig(int port, @Nullable Path passwordFile, Duration idleTime) {}

  private static @Nullable RespConfig resp(Source source) {
    Setting file = source.text("resp-password-file", "");
    Setting idle = source.text("resp-idle-time", DEFAULT_RESP_IDLE_TIME);
    if (source.text("resp-port", "").value().isEmpty()) {
      if (!file.value().isEmpty()) {
        throw file.refused("of use without --resp-port");
      }
      return null;
    }
    return new RespConfig(
        source.number("resp-port", 0, 0, MAX_PORT),
        file.value().isEmpty() ? null : path(file, "the path of a file"),
        idleTime(idle));
  }

  private static Duration idleTime(Setting setting) {
    Duration time = time(setting.value());
    if (time == null || time.compareTo(MAX_RESP_IDLE_TIME) > 0) {
      throw setting.refused("a time up to 1d, such as 5m, or 0s for never");
    }
    return time;
  }

  /** One for each core: a loop never waits, so more would only take turns. */
  static int defaultEventLoops() {
    return Math.min(Runtime.getRuntime().availableProcessors(), MAX_EVENT_LOOPS);
  }

  private static InetAddress bind(Setting setting) {
    try {
      return InetAddress.getByName(setting.value());
    } catch (UnknownHostException e) {
      throw setting.refused("the name or address of an interface of this machine");
    }
  }

  private static Path path(Setting setting, String wanted) {
    try {
      return Path.of(setting.value());
    } catch (InvalidPathException e) {
      throw setting.refused(wanted);
    }
  }

  private static Durability durability(Setting setting) {
    return switch (setting.value().toLowerCase(Locale.ROOT)) {
      case "process" -> Durability.PROCESS;
      case "interval" -> Durability.INTERVAL;
      case "sync" -> Durability.SYNC;
      default -> throw setting.refused("one of process, interval, sync");
    };
  }

  private static Duration syncInterval(Setting setting) {
    Duration time = time(setting.value());
    if (time == null
        || time.compareTo(KvStoreBuilder.MIN_SYNC_INTERVAL) < 0
        || time.compareTo(KvStoreBuilder.MAX_SYNC_INTERVAL) > 0) {
      throw setting.refused("a time from 1ms to 1d, such as 500ms, 5s or 1m");
    }
    return time;
  }

  private static @Nullable Duration time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** A value, and where it came from. */
  private record Setting(String origin, String value) {
    IllegalArgumentException refused(String wanted) {
      return new IllegalArgumentException(origin + " is '" + value + "', not " + wanted);
    }
  }

  private record Source(Map<String, String> flags, Map<String, String> environment) {
    Setting text(String name, String defaultValue) {
      String flag = flags.get(name);
      if (flag != null) {
        return new Setting("--" + name, flag);
      }
      String variable = "KVSTORE_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
      @Nullable String value = environment.get(variable);
      return value == null || value.isEmpty()
          ? new Setting("--" + name, defaultValue)
          : new Setting(variable, value);
    }

    int number(String name, int defaultValue, int min, int max) {
      Setting setting = text(name, Integer.toString(defaultValue));
      try {
        int number = Integer.parseInt(setting.value());
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Refused below, like a number out of bounds.
      }
      throw setting.refused("a whole number from " + min + " to " + max);
    }
  }
}
