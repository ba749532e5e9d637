package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.Glob;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The COMMAND command and its subcommands. */
final class CommandCommands {
  /** More than the length of all names. */
  private static final int MAX_NAME_BYTES = 64;

  private CommandCommands() {}

  static List<RespCommand> all() {
    return List.of(
        part("command", -1, CommandCommands::list)
            .with(
                List.of(
                    part("command|count", 2, CommandCommands::count),
                    part("command|docs", -2, CommandCommands::docs),
                    part("command|info", -2, CommandCommands::info),
                    part("command|list", -2, CommandCommands::names),
                    ServerCommands.help("command"))));
  }

  private static RespCommand part(String name, int arity, RespCommand.Action action) {
    return new RespCommand(name, arity, Keys.NONE, action)
        .with(Flag.LOADING, Flag.STALE)
        .in("server");
  }

  private static void count(CommandContext call) {
    call.out().integer(call.context().commands().all().size());
  }

  private static void list(CommandContext call) {
    List<RespCommand> all = call.context().commands().all();
    call.work().spend(all.size());
    call.out().array(all.size());
    all.forEach(command -> describe(call.out(), command));
  }

  private static void info(CommandContext call) {
    if (call.count() == 2) {
      list(call);
      return;
    }
    call.out().array(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      RespCommand command = find(call, i);
      if (command == null) {
        call.out().nothing();
      } else {
        describe(call.out(), command);
      }
    }
  }

  /** Finds a command, or a subcommand that is named with a bar. */
  private static @Nullable RespCommand find(CommandContext call, int i) {
    call.work().spend(2);
    if (call.request().length(i) > MAX_NAME_BYTES) {
      return null;
    }
    String name = call.request().text(i).toLowerCase(Locale.ROOT);
    for (RespCommand command : call.context().commands().all()) {
      if (command.name().equals(name)) {
        return command;
      }
      for (RespCommand part : command.parts()) {
        if (part.name().equals(name)) {
          return part;
        }
      }
    }
    return null;
  }

  /**
   * Name, arity, flags, keys; then empty lists of categories, tips and key specifications; then the
   * subcommands.
   */
  private static void describe(RespReplies out, RespCommand command) {
    out.array(10);
    out.bulk(command.name());
    out.integer(command.arity());
    List<Flag> flags = command.flags().stream().filter(Flag::isPublic).toList();
    out.set(flags.size());
    flags.forEach(flag -> out.simple(flag.name().toLowerCase(Locale.ROOT)));
    out.integer(command.keys().first());
    out.integer(command.keys().last());
    out.integer(command.keys().step());
    out.set(0);
    out.array(0);
    out.array(0);
    out.array(command.parts().size());
    command.parts().forEach(part -> describe(out, part));
  }

  private static void docs(CommandContext call) {
    List<RespCommand> wanted = call.context().commands().all();
    call.work().spend(wanted.size());
    if (call.count() > 2) {
      wanted =
          IntStream.range(2, call.count())
              .mapToObj(i -> find(call, i))
              .filter(Objects::nonNull)
              .map(Objects::requireNonNull)
              .toList();
    }
    call.out().map(wanted.size());
    for (RespCommand command : wanted) {
      call.out().bulk(command.name());
      call.out().map(1);
      call.out().bulk("group");
      call.out().bulk(command.group());
    }
  }

  private static void names(CommandContext call) {
    if (call.count() > 2) {
      boolean byPattern = call.count() == 5 && call.is(2, "FILTERBY") && call.is(3, "PATTERN");
      if (!byPattern) {
        throw RespException.syntax();
      }
    }
    Glob glob = call.count() > 2 ? Glob.of(call.request(), 4) : null;
    call.work().spend(call.context().commands().all().size());
    List<String> names =
        call.context().commands().all().stream()
            .map(RespCommand::name)
            .filter(name -> glob == null || glob.matches(RespReplies.ascii(name)))
            .toList();
    call.out().array(names.size());
    names.forEach(call.out()::bulk);
  }
}
