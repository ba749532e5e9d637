package io.kvstore.server;

import io.kvstore.server.command.StoreCommands;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/** The command line: which flags there are, and what {@code --help} says about them. */
final class Flags {
  /** The command that says what the program does without one. */
  static final String SERVE = "serve";

  private static final int HELP_WIDTH = 90;

  private Flags() {}

  /** Returns the whole command line: the server's flags, and the commands. */
  static CommandSpec withCommands(StoreCommands commands) {
    CommandSpec program =
        addTo(CommandSpec.wrapWithoutInspection(commands).name("java -jar kvstore-server.jar"));
    program.addSubcommand(SERVE, addTo(CommandSpec.create().name(SERVE)));
    program.addMethodSubcommands();
    for (CommandLine command : program.subcommands().values()) {
      CommandSpec spec = command.getCommandSpec();
      if (!spec.name().equals(SERVE)) {
        spec.addOption(help());
        spec.usageMessage().width(HELP_WIDTH);
      }
    }
    return program;
  }

  private static CommandSpec addTo(CommandSpec spec) {
    spec.mixinStandardHelpOptions(true)
        .version("kvstore " + version())
        .addOption(
            flag("port", "<port>")
                .description(
                    "Port to listen on, 0 for any free one. Default: "
                        + ServerConfig.DEFAULT_PORT
                        + ".")
                .build())
        .addOption(
            flag("bind", "<address>")
                .description(
                    "Address to listen on. Whoever reaches it can read and change everything,"
                        + " so the default is this machine only: "
                        + ServerConfig.DEFAULT_BIND
                        + ". All interfaces: 0.0.0.0.")
                .build())
        .addOption(
            flag("data-dir", "<directory>")
                .description(
                    "Where the data is kept; created if missing. Default: "
                        + ServerConfig.DEFAULT_DATA_DIR
                        + ".")
                .build());
    addStoreFlags(spec);
    spec.addOption(
        flag("event-loops", "<number>")
            .description(
                "Threads that serve connections. Default: one for each core, here "
                    + ServerConfig.defaultEventLoops()
                    + ".")
            .build());
    addRespFlags(spec);
    describe(spec.usageMessage());
    return spec;
  }

  private static void addRespFlags(CommandSpec spec) {
    spec.addOption(
            flag("resp-port", "<port>")
                .description(
                    "Port on which the same store is served over the Redis protocol, usually 6379;"
                        + " 0 for any free one. Default: none.")
                .build())
        .addOption(
            flag("resp-password-file", "<file>")
                .description(
                    "File whose first line is the password that clients of --resp-port have to"
                        + " give. Default: none, anybody may come in.")
                .build())
        .addOption(
            flag("resp-idle-time", "<time>")
                .description(
                    "After how long a client of --resp-port that says nothing is disconnected,"
                        + " such as 5m; 0s for never. Default: "
                        + ServerConfig.DEFAULT_RESP_IDLE_TIME
                        + ".")
                .build());
  }

  private static void addStoreFlags(CommandSpec spec) {
    spec.addOption(
            flag("durability", "<mode>")
                .description(
                    "What a power cut may take; a killed process loses nothing in any mode."
                        + " process: what the system had not written yet. interval: at most the"
                        + " last --sync-interval. sync: nothing, a write is answered once it is on"
                        + " the disk. Default: "
                        + ServerConfig.DEFAULT_DURABILITY
                        + ".")
                .build())
        .addOption(
            flag("sync-interval", "<time>")
                .description(
                    "Time between two syncs in mode interval, such as 500ms, 5s or 1m. Default: "
                        + ServerConfig.DEFAULT_SYNC_INTERVAL
                        + ".")
                .build())
        .addOption(
            flag("max-value-bytes", "<bytes>")
                .description(
                    "The longest value that is accepted. Default: "
                        + ServerConfig.DEFAULT_MAX_VALUE_BYTES
                        + " (64 MiB).")
                .build());
  }

  /** Returns what was given: names without dashes, and values. */
  static Map<String, String> given(ParseResult parsed) {
    Map<String, String> given = new HashMap<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      if (option.getValue() instanceof String value) {
        given.put(option.longestName().substring(2), value);
      }
    }
    return given;
  }

  static String version() {
    String version = Flags.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Show this help message and exit.")
        .build();
  }

  private static OptionSpec.Builder flag(String name, String label) {
    return OptionSpec.builder("--" + name).type(String.class).paramLabel(label);
  }

  private static void describe(UsageMessageSpec help) {
    help.width(HELP_WIDTH)
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .synopsisSubcommandLabel("[COMMAND]")
        .header("Serve a store over HTTP; the same as no command.")
        .description(
            "",
            "Serves a key-value store over HTTP. Every path is a key: GET, PUT, POST and DELETE"
                + " read, store and remove the value under it. With a command, does what that says"
                + " to a store that no server has open.",
            "")
        .footer(
            "",
            "Each flag can be given as an environment variable instead: KVSTORE_PORT, KVSTORE_BIND,"
                + " KVSTORE_DATA_DIR and so on. A flag wins over its variable.",
            "",
            "Try it:",
            "  curl -d '{\"value\":\"world\"}' localhost:3000/hello  store a string",
            "  curl localhost:3000/hello                         read it back",
            "  curl -T photo.jpg localhost:3000/photos/1         store bytes as they are",
            "  curl -X DELETE localhost:3000/hello               remove it",
            "",
            "SIGTERM and Ctrl-C finish the requests under way, sync, and exit with status 0.",
            "Exit status 1: could not start. 2: a flag or variable is wrong.",
            "Of a command 0: done. 1: done, but something is damaged or left out. 2: not done.");
  }
}
