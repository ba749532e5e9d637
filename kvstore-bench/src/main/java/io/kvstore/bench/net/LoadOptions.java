package io.kvstore.bench.net;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link LoadTest}. */
@Command(
    name = "LoadTest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    usageHelpAutoWidth = true,
    description = {
      "",
      "Puts load on a server, by a schedule that no slow answer delays, and checks every value that"
          + " comes back. Latencies count from when an operation was due.",
      ""
    },
    footer = {
      "",
      "Exit status 0: every operation was answered as it should be. 1: a value was wrong, stale or"
          + " missing, or an operation failed. 2: an option is wrong, or there is no server."
    })
final class LoadOptions {
  private static final int HTTP_PORT = 80;
  private static final int REDIS_PORT = 6379;

  @Option(
      names = "--url",
      paramLabel = "<url>",
      description =
          "The server: http://host:port, or redis://host:port for the Redis protocol. Default:"
              + " http://127.0.0.1:3000, or with --server-jar what that server says.")
  @Nullable URI url;

  @Option(
      names = "--server-jar",
      paramLabel = "<file>",
      description =
          "Start this kvstore-server.jar first, in a scratch directory, and stop it in the end.")
  @Nullable Path serverJar;

  @Option(
      names = "--server-args",
      paramLabel = "<args>",
      description = "Arguments for it, separated by blanks. Default: --port 0.")
  String serverArgs = "--port 0";

  @Option(
      names = "--rate",
      paramLabel = "<rate>",
      description =
          "Operations a second of all connections together, such as 5000; or a sweep,"
              + " 10000..50000/5: five rates one after the other; or max: each connection as fast"
              + " as it is answered. Default: ${DEFAULT-VALUE}.")
  String rate = "10000";

  @Option(
      names = "--seconds",
      paramLabel = "<seconds>",
      description = "How long each rate is measured. Default: ${DEFAULT-VALUE}.")
  double seconds = 10;

  @Option(
      names = "--warm-up",
      paramLabel = "<seconds>",
      description = "How long each rate goes on before that. Default: ${DEFAULT-VALUE}.")
  double warmUp = 5;

  @Option(
      names = "--fill",
      description = "First put every key once, unthrottled. A key is never read before that.")
  boolean fill;

  @Option(
      names = "--connections",
      paramLabel = "<number>",
      description = "Default: ${DEFAULT-VALUE}.")
  int connections = 64;

  @Option(
      names = "--threads",
      paramLabel = "<number>",
      description =
          "Threads that serve them; each has its own part of the keys. Default: ${DEFAULT-VALUE}.")
  int threads = 1;

  @Option(
      names = "--pipeline",
      paramLabel = "<number>",
      description =
          "Requests that a connection sends without waiting for an answer. Default:"
              + " ${DEFAULT-VALUE}.")
  int pipeline = 1;

  @Option(names = "--keys", paramLabel = "<number>", description = "Default: ${DEFAULT-VALUE}.")
  int keys = 100_000;

  @Option(
      names = "--key-prefix",
      paramLabel = "<text>",
      description =
          "What every key starts with; twelve digits follow. No other client may write such keys"
              + " during the run. Default: ${DEFAULT-VALUE}")
  String keyPrefix = "key:";

  @Option(
      names = "--distribution",
      paramLabel = "<name>",
      description =
          "Distribution of keys: ${COMPLETION-CANDIDATES} (exponent 0.99). Default:"
              + " ${DEFAULT-VALUE}.")
  Distribution distribution = Distribution.uniform;

  @Option(
      names = "--value-bytes",
      paramLabel = "<bytes>",
      converter = ValueSize.Reader.class,
      description =
          "Length of values: one, such as 100, or anything in a range, such as 16..4096. Default:"
              + " ${DEFAULT-VALUE}.")
  ValueSize valueSize = new ValueSize(100, 100);

  @Option(
      names = "--reads",
      paramLabel = "<share>",
      description =
          "Share of gets, from 0 to 1; the rest are puts. The get of a key that has not been"
              + " written yet becomes a put. Default: ${DEFAULT-VALUE}.")
  double reads = 0.9;

  @Option(
      names = "--put",
      description =
          "Over HTTP, store by PUT of the bytes; by default by POST of {\"value\":\"...\"}.")
  boolean put;

  @Option(
      names = "--seed",
      paramLabel = "<number>",
      description = "Of the keys and their order. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--json",
      paramLabel = "<file>",
      description = "Append the results to this file, one JSON object a line.")
  @Nullable Path json;

  @Option(
      names = "--subject",
      paramLabel = "<name>",
      description = "What the server is called there. Default: kvstore HTTP or kvstore RESP.")
  @Nullable String subject;

  @Option(
      names = "--round",
      paramLabel = "<number>",
      description = "The round that these are the results of. Default: ${DEFAULT-VALUE}.")
  int round = 1;

  /** Distribution of keys. */
  enum Distribution {
    // named as they are written on the command line
    uniform,
    zipf
  }

  /**
   * Validates the options.
   *
   * @throws IllegalArgumentException with a sentence that names the option
   */
  void check() {
    require(connections >= 1 && connections <= 60_000, "--connections is not from 1 to 60000");
    require(threads >= 1 && threads <= connections, "--threads is not from 1 to --connections");
    require(pipeline >= 1 && pipeline <= 10_000, "--pipeline is not from 1 to 10000");
    require(keys >= threads, "--keys is less than --threads");
    require(reads >= 0 && reads <= 1, "--reads is not from 0 to 1");
    require(seconds > 0 && seconds <= 1e6, "--seconds is not more than 0 and up to 1000000");
    require(warmUp >= 0 && warmUp <= 1e6, "--warm-up is not from 0 to 1000000");
    require(
        keyPrefix.matches("[A-Za-z0-9:._~-]{0,1000}"),
        "--key-prefix has other characters than letters, digits and : . _ ~ -");
    URI server = url;
    if (server != null) {
      require(
          List.of("http", "redis").contains(String.valueOf(server.getScheme()))
              && server.getHost() != null,
          "--url is not like http://host:port or redis://host:port");
    }
    var unused = Pace.parse(rate);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Returns what to do to a server. */
  LoadSettings settings(URI server) {
    boolean isRedis = isRedis(server);
    int port = server.getPort() >= 0 ? server.getPort() : isRedis ? REDIS_PORT : HTTP_PORT;
    String host = server.getHost();
    Supplier<Protocol> protocol =
        isRedis ? RespProtocol::new : () -> new HttpProtocol(host + ":" + port, !put);
    return new LoadSettings(
        new InetSocketAddress(host, port),
        protocol,
        connections,
        threads,
        pipeline,
        keyPrefix,
        keys,
        distribution == Distribution.zipf,
        valueSize,
        reads,
        seed);
  }

  static boolean isRedis(URI server) {
    return "redis".equals(server.getScheme());
  }
}
