package io.kvstore.server.config;

import io.kvstore.server.config.Setting.Section;
import io.kvstore.server.config.Values.Value;
import io.kvstore.server.http.message.HttpLimits;
import io.netty.util.internal.PlatformDependent;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the server. Each part defines its own settings; {@link #SECTIONS} lists all.
 *
 * @param port 0 for any free port
 * @param bind the address to bind
 * @param eventLoops the number of threads that serve connections
 * @param drainTime the time limit for the current requests when the server stops, at each listener
 * @param maxReceivingBytes the heap limit for partially received requests
 * @param maxSendingBytes the memory limit for what is owed to clients
 * @param http the limits of the main port
 * @param resp the settings of the Redis protocol, or null if it is off
 * @param tls the settings of TLS, or null if it is off
 * @param tokenFile the token file, or null if no tokens are required
 * @param browsers the settings for requests of web pages
 * @param accessLog the settings of the access log, or null if it is off
 * @param management the settings of the management port, or null if it is off
 */
public record ServerConfig(
    int port,
    InetAddress bind,
    int eventLoops,
    Duration drainTime,
    long maxReceivingBytes,
    long maxSendingBytes,
    StoreConfig store,
    HttpLimits http,
    @Nullable RespConfig resp,
    @Nullable TlsConfig tls,
    @Nullable Path tokenFile,
    BrowserConfig browsers,
    @Nullable AccessLogConfig accessLog,
    @Nullable ManagementConfig management) {

  static final int MAX_PORT = 65_535;
  private static final int MAX_EVENT_LOOPS = 256;
  private static final long MIN_RECEIVING_BYTES = 1 << 20;
  private static final long MIN_SENDING_BYTES = 1 << 20;
  private static final int RECEIVING_PART = 4;
  private static final int SENDING_PART = 4;

  /** The memory that the server needs without any client. */
  private static final long FIXED_BYTES = 32 << 20;

  private static final Setting<Path> CONFIG =
      Setting.of("config", "<file>", SettingType.file())
          .helped(
              "File with lines 'name = value', with the names of the flags without dashes. Flags"
                  + " take precedence over environment variables, and variables over the file.");

  private static final Setting<Integer> PORT =
      Setting.of("port", "<port>", SettingType.number(0, MAX_PORT))
          .byDefault("3000")
          .helped("Port to listen on; 0 for any free port.");

  private static final Setting<InetAddress> BIND =
      Setting.of("bind", "<address>", SettingType.address())
          .byDefault("127.0.0.1", "this machine only")
          .helped(
              "Address to listen on. Without tokens, clients can read and change everything. All"
                  + " interfaces: 0.0.0.0.");

  /** One for each core: an event loop never blocks, so more would only compete. */
  private static final Setting<Integer> EVENT_LOOPS =
      Setting.of("event-loops", "<number>", SettingType.number(1, MAX_EVENT_LOOPS).orAuto(cores()))
          .byDefault(SettingType.AUTO, "one for each core")
          .helped("Threads that serve connections.");

  private static final Setting<Integer> MAX_CONNECTIONS =
      Setting.of("max-connections", "<number>", SettingType.number(1, 1_000_000))
          .byDefault("10000")
          .helped(
              "Limit of connections, for each port. Further ones get an error (503 over HTTP) and"
                  + " are closed.");

  private static final Setting<Duration> DRAIN_TIME =
      Setting.of(
              "drain-time",
              "<time>",
              SettingType.time(Duration.ZERO, Duration.ofHours(1), "up to 1h"))
          .byDefault("10s")
          .helped("Time that a stop waits for current requests before it closes connections.");

  private static final Setting<Long> MAX_RECEIVING_BYTES =
      Setting.of(
              "max-receiving-bytes",
              "<bytes>",
              SettingType.bytes(MIN_RECEIVING_BYTES).orAuto(partOfHeap()))
          .byDefault(SettingType.AUTO, "a quarter of the heap")
          .helped(
              "Heap limit for partially received requests, all clients together. A request that"
                  + " exceeds it is rejected, over HTTP by 503 with Retry-After, and its connection"
                  + " closed. Each connection has 16 KiB in addition, twice that over the"
                  + " Redis protocol.");

  private static final Setting<Long> MAX_SENDING_BYTES =
      Setting.of(
              "max-sending-bytes",
              "<bytes>",
              SettingType.bytes(MIN_SENDING_BYTES).orAuto(partOfMemory()))
          .byDefault(SettingType.AUTO, "a quarter of the heap above 32 MiB")
          .helped(
              "Memory limit for replies and messages that clients have not read, and for commands"
                  + " in progress, all clients together. A request that exceeds it is rejected,"
                  + " over HTTP by 503 with Retry-After, over the Redis protocol by an OOM error."
                  + " Long values are sent from the files of the store, and do not count. Each"
                  + " connection has 64 KiB in addition.");

  private static final Setting<Path> TOKEN_FILE =
      Setting.of("token-file", "<file>", SettingType.file())
          .helped(
              "File with the tokens that clients must present, one in a line: 'name ro|rw"
                  + " token prefix ...'. The token may be given as sha256: and its hash. A prefix"
                  + " stands for all keys that begin with it, * for all keys. Reloaded when it"
                  + " changes.");

  private static int cores() {
    return Math.min(Runtime.getRuntime().availableProcessors(), MAX_EVENT_LOOPS);
  }

  private static long partOfHeap() {
    return Math.max(MIN_RECEIVING_BYTES, Runtime.getRuntime().maxMemory() / RECEIVING_PART);
  }

  /** Both the heap and the direct memory of the sockets must suffice. */
  private static long partOfMemory() {
    long memory = Math.min(Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
    return Math.max(MIN_SENDING_BYTES, (memory - FIXED_BYTES) / SENDING_PART);
  }

  /** All settings, in the order of the help. */
  public static final List<Section> SECTIONS =
      List.of(
          new Section(
              "The server",
              List.of(
                  CONFIG,
                  PORT,
                  BIND,
                  MAX_CONNECTIONS,
                  MAX_RECEIVING_BYTES,
                  MAX_SENDING_BYTES,
                  DRAIN_TIME,
                  EVENT_LOOPS)),
          TlsConfig.SECTION,
          new Section("Access", List.of(TOKEN_FILE)),
          BrowserConfig.SECTION,
          HttpConfig.SECTION,
          AccessLogConfig.SECTION,
          RespConfig.SECTION,
          StoreConfig.SECTION,
          ManagementConfig.SECTION);

  /**
   * Reads the settings.
   *
   * @param flags values by name without dashes, such as {@code data-dir}; only those that are set
   * @param environment as from {@link System#getenv()}
   * @throws IllegalArgumentException if a value is invalid; the message is one sentence that names
   *     the input and the limit
   */
  public static ServerConfig of(Map<String, String> flags, Map<String, String> environment) {
    return of(values(flags, environment));
  }

  private static ServerConfig of(Values values) {
    StoreConfig store = StoreConfig.of(values);
    int maxConnections = values.get(MAX_CONNECTIONS);
    return new ServerConfig(
        values.get(PORT),
        values.get(BIND),
        values.get(EVENT_LOOPS),
        values.get(DRAIN_TIME),
        values.get(MAX_RECEIVING_BYTES),
        values.get(MAX_SENDING_BYTES),
        store,
        HttpConfig.of(values, store.maxValueBytes(), maxConnections),
        RespConfig.of(values, store.maxValueBytes(), maxConnections),
        TlsConfig.of(values),
        values.find(TOKEN_FILE),
        BrowserConfig.of(values),
        AccessLogConfig.of(values),
        ManagementConfig.of(values));
  }

  private static Values values(Map<String, String> flags, Map<String, String> environment) {
    Variables.check(
        environment, settings().stream().map(Setting::variable).collect(Collectors.toSet()));
    Path path = new Values(flags, environment, ConfigFile.NONE).find(CONFIG);
    if (path == null) {
      return new Values(flags, environment, ConfigFile.NONE);
    }
    Set<String> known = settings().stream().map(Setting::name).collect(Collectors.toSet());
    known.remove(CONFIG.name());
    return new Values(flags, environment, ConfigFile.read(path, known));
  }

  /** The effective value of a setting, as text, and its origin. */
  public record Effective(String name, String value, String origin) {}

  /**
   * Returns the effective values of all settings. They contain no secrets, which are in files that
   * the settings name.
   *
   * @throws IllegalArgumentException as for {@link #of}
   */
  public static List<Effective> effective(
      Map<String, String> flags, Map<String, String> environment) {
    Values values = values(flags, environment);
    var unused = of(values);
    List<Effective> all = new ArrayList<>();
    for (Setting<?> setting : settings()) {
      Value value = values.of(setting);
      all.add(new Effective(setting.name(), value.text(), value.origin()));
    }
    return all;
  }

  private static List<Setting<?>> settings() {
    List<Setting<?>> all = new ArrayList<>();
    SECTIONS.forEach(section -> all.addAll(section.settings()));
    return all;
  }
}
