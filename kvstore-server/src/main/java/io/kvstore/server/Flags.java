package io.kvstore.server;

import io.kvstore.server.cli.StoreCommands;
import io.kvstore.server.config.ServerConfig;
import io.kvstore.server.config.Setting;
import io.kvstore.server.config.Setting.Section;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/** The command line: a flag for each setting, the commands, and the text of {@code --help}. */
final class Flags {
  /** The command that starts the server, as no command does. */
  static final String SERVE = "serve";

  /** The command that shows the settings. */
  static final String CONFIG = "config";

  private static final Set<String> WITH_FLAGS = Set.of(SERVE, CONFIG);

  private static final int HELP_WIDTH = 90;

  private Flags() {}

  /** Returns the command line: the server's flags, and the commands. */
  static CommandSpec withCommands(StoreCommands commands) {
    CommandSpec program =
        addTo(CommandSpec.wrapWithoutInspection(commands).name("java -jar kvstore-server.jar"));
    describe(program.usageMessage());
    CommandSpec serve = addTo(CommandSpec.create().name(SERVE));
    describe(serve.usageMessage());
    program.addSubcommand(SERVE, serve);
    CommandSpec config = addTo(CommandSpec.create().name(CONFIG));
    config
        .usageMessage()
        .description("Show the value and the origin of each setting, without starting the server.");
    program.addSubcommand(CONFIG, config);
    program.addMethodSubcommands();
    for (CommandLine command : program.subcommands().values()) {
      CommandSpec spec = command.getCommandSpec();
      if (!WITH_FLAGS.contains(spec.name())) {
        spec.addOption(help());
        spec.usageMessage().width(HELP_WIDTH);
      }
    }
    return program;
  }

  private static CommandSpec addTo(CommandSpec spec) {
    spec.mixinStandardHelpOptions(true).version("kvstore " + version());
    spec.usageMessage().width(HELP_WIDTH).sortOptions(false).abbreviateSynopsis(true);
    int order = 0;
    for (Section section : ServerConfig.SECTIONS) {
      ArgGroupSpec.Builder group =
          ArgGroupSpec.builder()
              .heading("%n" + section.title() + ":%n")
              .order(order++)
              .exclusive(false)
              .validate(false)
              .multiplicity("0..1");
      section.settings().forEach(setting -> group.addArg(flag(setting)));
      spec.addArgGroup(group.build());
    }
    return spec;
  }

  private static OptionSpec flag(Setting<?> setting) {
    return OptionSpec.builder(setting.flag())
        .type(String.class)
        .paramLabel(setting.label())
        .description(setting.help() + " Default: " + setting.shownDefault() + ".")
        .build();
  }

  /** Returns the flags that are set: names without dashes, and values. */
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

  private static void describe(UsageMessageSpec help) {
    help.synopsisSubcommandLabel("[COMMAND]")
        .commandListHeading("%nCommands:%n")
        .header("Serve a store over HTTP; the default command.")
        .description(
            "",
            "Serves a key-value store over HTTP. Every path is a key: GET, PUT, POST and DELETE"
                + " read, store and remove the value under it. The other commands work on a store"
                + " that is not open in a server.",
            "")
        .footer(
            "",
            "Each flag can also be set by an environment variable: KVSTORE_PORT, KVSTORE_BIND,"
                + " KVSTORE_DATA_DIR and so on, or in a file, see --config. Flags take precedence"
                + " over variables, and variables over the file.",
            "",
            "Try it:",
            "  curl -d '{\"value\":\"world\"}' localhost:3000/hello  store a string",
            "  curl localhost:3000/hello                         read it back",
            "  curl -T photo.jpg localhost:3000/photos/1         store bytes as they are",
            "  curl -X DELETE localhost:3000/hello               remove it",
            "",
            "SIGTERM and Ctrl-C finish the current requests, sync, and exit with status 0.",
            "Exit status 1: the server could not start. 2: invalid flag, variable or file.",
            "Of the other commands 0: success. 1: success, but something is damaged or left out."
                + " 2: failure.");
  }
}
