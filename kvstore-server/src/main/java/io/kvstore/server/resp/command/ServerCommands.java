package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.Counters;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Commands about the server, and for syncs. */
final class ServerCommands {
  private static final String NO_DEBUG =
      "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you"
          + " can run it from a local connection, otherwise you need to set this option in the"
          + " configuration file, and then restart the server.";

  private ServerCommands() {}

  static List<RespCommand> all() {
    return List.of(
        command("info", -1, Info::run),
        new RespCommand("config", -2, Keys.NONE, call -> {})
            .in("server")
            .with(List.of(command("config|get", -3, ConfigReply::get), help("config"))),
        command("time", 1, ServerCommands::time),
        command("save", 1, call -> sync(call, RespReplies::ok)).with(Flag.NO_MULTI),
        command("bgsave", -1, ServerCommands::bgSave).with(Flag.NO_MULTI),
        command("lastsave", 1, ServerCommands::lastSave),
        command("wait", 3, ServerCommands::awaitReplicas),
        command("debug", -2, ServerCommands::debug).with(Flag.ADMIN, Flag.NOT_QUEUED));
  }

  private static RespCommand command(String name, int arity, RespCommand.Action action) {
    return new RespCommand(name, arity, Keys.NONE, action)
        .with(Flag.LOADING, Flag.STALE)
        .in("server");
  }

  /** Returns the subcommand HELP of a command. */
  static RespCommand help(String name) {
    return command(name + "|help", 2, call -> help(call, name));
  }

  private static void help(CommandContext call, String name) {
    String capitals = name.toUpperCase(Locale.ROOT);
    Request self = Request.of(RespReplies.ascii(capitals));
    RespCommand command = call.context().commands().find(self, 0);
    List<RespCommand> parts = command == null ? List.of() : command.parts();
    call.out().array(parts.size() + 1);
    call.out().simple(capitals + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (RespCommand part : parts) {
      call.out().simple(new String(part.capitals(), StandardCharsets.US_ASCII));
    }
  }

  static RespException unknownPart(CommandContext call) {
    return new RespException(
        "ERR unknown subcommand or wrong number of arguments for '"
            + call.request().shown(1)
            + "'. Try "
            + call.request().text(0).toUpperCase(Locale.ROOT)
            + " HELP.");
  }

  private static void time(CommandContext call) {
    Instant now = Instant.now();
    call.out().array(2);
    call.out().bulk(now.getEpochSecond());
    call.out().bulk(now.getNano() / 1000L);
  }

  private static void sync(CommandContext call, Consumer<RespReplies> answer) {
    Counters counters = call.context().counters();
    call.answerLater(
        call.context()
            .store()
            .syncAsync()
            .thenApply(
                done -> {
                  counters.saved();
                  return answer;
                }));
  }

  private static void bgSave(CommandContext call) {
    if (call.count() > 2 || (call.count() == 2 && !call.is(1, "SCHEDULE"))) {
      throw RespException.syntax();
    }
    sync(call, out -> out.simple("Background saving started"));
  }

  private static void lastSave(CommandContext call) {
    call.out().integer(call.context().counters().savedMillis() / 1000);
  }

  /** There are no replicas to wait for. */
  private static void awaitReplicas(CommandContext call) {
    call.number(1);
    if (!call.request().isNumber(2)) {
      throw new RespException("ERR timeout is not an integer or out of range");
    }
    if (call.number(2) < 0) {
      throw new RespException("ERR timeout is negative");
    }
    call.out().integer(0);
  }

  private static void debug(CommandContext call) {
    call.client().transaction().spoil();
    throw new RespException(NO_DEBUG);
  }
}
