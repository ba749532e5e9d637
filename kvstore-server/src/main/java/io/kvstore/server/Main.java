package io.kvstore.server;

import io.kvstore.KvStoreException;
import io.kvstore.StoreStats;
import io.kvstore.server.cli.StoreCommands;
import io.kvstore.server.cli.Streams;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.config.ServerConfig.Effective;
import io.kvstore.server.config.Suggestion;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program: the server, or one of the {@link StoreCommands}. The server's exit status is 0 after
 * SIGTERM or SIGINT, 1 if it could not start, and 2 if the command line, the environment or the
 * configuration file is invalid.
 */
public final class Main {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";
  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  private Main() {}

  /** Starts the server and returns; its threads keep the process alive. */
  public static void main(String[] args) {
    setUnlessGiven(LOG_FORMAT, "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n");
    // Netty would record where one buffer in 128 was allocated, which is of use for tests only.
    setUnlessGiven(LEAK_DETECTION, "disabled");
    int status = run(args, System.getenv());
    if (status != DONE) {
      System.exit(status);
    }
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static int run(String[] args, Map<String, String> environment) {
    Streams streams = Streams.system();
    CommandLine line = commandLine(streams);
    line.setExecutionStrategy(parsed -> execute(parsed, environment, streams));
    return line.execute(args);
  }

  /** Returns the command line; the server's command can't be run yet. */
  static CommandLine commandLine(Streams streams) {
    CommandLine line = new CommandLine(Flags.withCommands(new StoreCommands(streams)));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(parsed -> execute(parsed, Map.of(), streams));
    line.setParameterExceptionHandler((e, given) -> misused(streams.err(), e));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          if (e instanceof RuntimeException && !(e instanceof KvStoreException)) {
            e.printStackTrace(streams.err());
          }
          return fail(streams.err(), e, StoreCommands.FAILED);
        });
    return line;
  }

  private static int execute(ParseResult parsed, Map<String, String> environment, Streams streams) {
    @Nullable Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    ParseResult command = parsed.subcommand();
    if (command == null) {
      return serve(parsed, environment);
    }
    if (!parsed.matchedOptions().isEmpty()) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          parsed.matchedOptions().get(0).longestName() + " must precede the command");
    }
    return switch (command.commandSpec().name()) {
      case Flags.SERVE -> serve(command, environment);
      case Flags.CONFIG -> show(command, environment, streams);
      default -> new CommandLine.RunLast().execute(parsed);
    };
  }

  private static int show(ParseResult parsed, Map<String, String> environment, Streams streams) {
    PrintStream out = new PrintStream(streams.out(), false, StandardCharsets.UTF_8);
    try {
      for (Effective setting : ServerConfig.effective(Flags.given(parsed), environment)) {
        out.printf("%-24s %-24s %s%n", setting.name(), setting.value(), setting.origin());
      }
      return out.checkError() ? FAILED : DONE;
    } catch (IllegalArgumentException e) {
      return fail(streams.err(), e, MISUSED);
    }
  }

  private static int serve(ParseResult parsed, Map<String, String> environment) {
    ServerConfig config;
    try {
      config = ServerConfig.of(Flags.given(parsed), environment);
    } catch (IllegalArgumentException e) {
      return fail(System.err, e, MISUSED);
    }
    try {
      KvServer server = KvServer.start(config);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "kvstore-stop"));
      System.out.println(readyLine(config, server));
      warn(config);
      return DONE;
    } catch (KvStoreException | IOException e) {
      return fail(System.err, e, FAILED);
    }
  }

  private static int misused(PrintStream to, ParameterException e) {
    to.println("kvstore: " + e.getMessage() + suggestion(e));
    return MISUSED;
  }

  /** Returns the flag or command that was probably meant. */
  private static String suggestion(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    CommandSpec command = e.getCommandLine().getCommandSpec();
    Set<String> known = new HashSet<>(command.optionsMap().keySet());
    known.addAll(command.subcommands().keySet());
    return Suggestion.of(unmatched.getUnmatched().get(0).split("=", 2)[0], known);
  }

  private static int fail(PrintStream to, Exception e, int status) {
    // A FileSystemException without a reason has only the file name as its message.
    boolean isFileOnly = e instanceof FileSystemException file && file.getReason() == null;
    to.println("kvstore: " + (isFileOnly ? e.toString() : e.getMessage()));
    return status;
  }

  /** Stops the server and exits with status 0: without the halt it would be the signal's. */
  private static void stop(KvServer server) {
    int status = DONE;
    try {
      server.close();
    } catch (RuntimeException e) {
      status = fail(System.err, e, FAILED);
    }
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(status);
  }

  private static String readyLine(ServerConfig config, KvServer server) {
    StoreStats stats = server.store().stats();
    return "kvstore "
        + Flags.version()
        + " is ready on "
        + (config.tls() == null ? "http://" : "https://")
        + authority(server.address())
        + " ("
        + (config.bind().isLoopbackAddress() ? "this machine only" : "open to the network")
        + ", see --bind)"
        + respPart(server.respAddress())
        + managementPart(config, server.managementAddress())
        + ": "
        + stats.entries()
        + (stats.entries() == 1 ? " entry" : " entries")
        + " in "
        + config.store().dataDir()
        + ", opened in "
        + stats.openDuration().toMillis()
        + " ms";
  }

  /** Warns once at the start about what a client on the network could do. */
  private static void warn(ServerConfig config) {
    boolean isOpen = config.tokenFile() == null;
    boolean isPlain = config.tls() == null;
    if (config.bind().isLoopbackAddress() || !(isOpen || isPlain)) {
      return;
    }
    String who = "clients that reach " + config.bind().getHostAddress();
    System.err.println(
        "kvstore: warning: "
            + (isOpen ? who + " can read and change everything, see --token-file" : "")
            + (isOpen && isPlain ? "; " : "")
            + (isPlain ? "nothing is encrypted, see --tls-cert" : ""));
  }

  private static String respPart(@Nullable InetSocketAddress address) {
    return address == null ? "" : " and for the Redis protocol on port " + address.getPort();
  }

  private static String managementPart(ServerConfig config, @Nullable InetSocketAddress address) {
    return address == null
        ? ""
        : ", dashboard on "
            + (ConnectionServices.isTls(config, address.getAddress()) ? "https://" : "http://")
            + authority(address);
  }

  private static String authority(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String name = host.getHostAddress();
    return (name.contains(":") ? "[" + name + "]" : name) + ":" + address.getPort();
  }
}
