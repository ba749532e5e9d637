package io.kvstore.server;

import io.kvstore.KvStoreException;
import io.kvstore.StoreStats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The program. Ends with 0 after a stop that was asked for (SIGTERM, SIGINT), with 1 if the server
 * could not start, with 2 if the command line or the environment is wrong.
 */
public final class Main {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  private Main() {}

  /** Starts the server and returns; its threads keep the process alive. */
  public static void main(String[] args) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n");
    }
    int status = run(args, System.getenv());
    if (status != DONE) {
      System.exit(status);
    }
  }

  private static int run(String[] args, Map<String, String> environment) {
    ServerConfig config;
    try {
      ParseResult parsed = new CommandLine(Flags.spec()).parseArgs(args);
      @Nullable Integer helped = CommandLine.executeHelpRequest(parsed);
      if (helped != null) {
        return helped;
      }
      config = ServerConfig.of(Flags.given(parsed), environment);
    } catch (ParameterException | IllegalArgumentException e) {
      return fail(e, MISUSED);
    }
    try {
      KvServer server = KvServer.start(config);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "kvstore-stop"));
      System.out.println(readyLine(config, server));
      return DONE;
    } catch (KvStoreException | IOException e) {
      return fail(e, FAILED);
    }
  }

  private static int fail(Exception e, int status) {
    System.err.println("kvstore: " + e.getMessage());
    return status;
  }

  /** A stop that was asked for is no failure: without the halt the status would be the signal's. */
  private static void stop(KvServer server) {
    int status = DONE;
    try {
      server.close();
    } catch (RuntimeException e) {
      status = fail(e, FAILED);
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
        + url(server.address())
        + " ("
        + (config.bind().isLoopbackAddress() ? "this machine only" : "open to the network")
        + ", see --bind): "
        + stats.entries()
        + (stats.entries() == 1 ? " entry" : " entries")
        + " in "
        + config.dataDir()
        + ", opened in "
        + stats.openDuration().toMillis()
        + " ms";
  }

  private static String url(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String name = host.getHostAddress();
    return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + address.getPort();
  }
}
