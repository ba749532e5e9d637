package io.kvstore.server.resp.command;

import io.kvstore.server.auth.Admission;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.Authentication;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.CommandTable;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import java.util.List;

/** Commands for the connection itself. */
final class ConnectionCommands {
  /** The version of Redis that commands, replies and errors are compatible with. */
  static final String REDIS_VERSION = "7.0.15";

  private static final String NOT_KNOWN =
      "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
          + " <proto> AUTH <user> <pass> option can be used to authenticate the client and select"
          + " the RESP protocol version at the same time";
  private static final String NO_PASSWORD =
      "ERR AUTH <password> called without any password configured for the default user. Are you"
          + " sure your configuration is correct?";

  private ConnectionCommands() {}

  static List<RespCommand> all() {
    return List.of(
        command("ping", -1, ConnectionCommands::ping).with(Flag.SUBSCRIBER),
        command("echo", 2, call -> call.out().bulk(call.bytes(1))),
        command("auth", -2, ConnectionCommands::auth).with(Flag.NO_AUTH),
        command("hello", -1, ConnectionCommands::hello).with(Flag.NO_AUTH),
        command("quit", -1, ConnectionCommands::quit)
            .with(Flag.NO_AUTH, Flag.NOT_QUEUED, Flag.SUBSCRIBER),
        command("reset", 1, ConnectionCommands::reset)
            .with(Flag.NO_AUTH, Flag.NOT_QUEUED, Flag.SUBSCRIBER),
        command("select", 2, ConnectionCommands::select));
  }

  private static RespCommand command(String name, int arity, RespCommand.Action action) {
    return new RespCommand(name, arity, Keys.NONE, action)
        .with(Flag.FAST, Flag.LOADING, Flag.STALE)
        .in("connection");
  }

  private static void ping(CommandContext call) {
    if (call.count() > 2) {
      throw CommandTable.wrongCount(call.command());
    }
    boolean inMessages =
        call.client().isSubscriber() && call.client().protocol() == RespReplies.RESP2;
    if (inMessages) {
      call.out().array(2);
      call.out().bulk("pong");
      call.out().bulk(call.count() == 2 ? call.bytes(1) : new byte[0]);
    } else if (call.count() == 2) {
      call.out().bulk(call.bytes(1));
    } else {
      call.out().pong();
    }
  }

  private static void auth(CommandContext call) {
    if (call.count() > 3) {
      throw RespException.syntax();
    }
    Authentication authentication = call.context().authentication();
    if (call.count() == 2 && !authentication.isRequired()) {
      throw new RespException(NO_PASSWORD);
    }
    admit(call, call.count() == 2 ? 0 : 1, call.count() - 1);
    call.out().ok();
  }

  private static void admit(CommandContext call, int user, int secret) {
    String name = user == 0 ? Authentication.DEFAULT_USER : call.request().text(user);
    Admission admission = call.context().authentication().admit(name, call.bytes(secret));
    if (admission == null) {
      throw new RespException("WRONGPASS invalid username-password pair or user is disabled.");
    }
    call.client().admit(admission);
  }

  private static void hello(CommandContext call) {
    int protocol = call.client().protocol();
    if (call.count() > 1) {
      if (!call.request().isNumber(1)) {
        throw new RespException("ERR Protocol version is not an integer or out of range");
      }
      long wanted = call.number(1);
      if (wanted != RespReplies.RESP2 && wanted != RespReplies.RESP3) {
        throw new RespException("NOPROTO unsupported protocol version");
      }
      protocol = (int) wanted;
    }
    int name = 0;
    for (int i = 2; i < call.count(); i++) {
      int more = call.count() - 1 - i;
      if (call.is(i, "AUTH") && more >= 2) {
        admit(call, i + 1, i + 2);
        i += 2;
      } else if (call.is(i, "SETNAME") && more >= 1) {
        name = ++i;
        ClientCommands.checkName(call, name);
      } else {
        throw new RespException(
            "ERR Syntax error in HELLO option '" + call.request().shown(i) + "'");
      }
    }
    if (!call.client().isAuthenticated()) {
      throw new RespException(NOT_KNOWN);
    }
    if (name > 0) {
      call.client().name(call.request().text(name));
    }
    call.client().protocol(protocol);
    call.out().speak(protocol);
    welcome(call, protocol);
  }

  private static void welcome(CommandContext call, int protocol) {
    RespReplies out = call.out();
    out.map(7);
    out.bulk("server");
    out.bulk("redis");
    out.bulk("version");
    out.bulk(REDIS_VERSION);
    out.bulk("proto");
    out.integer(protocol);
    out.bulk("id");
    out.integer(call.client().id());
    out.bulk("mode");
    out.bulk("standalone");
    out.bulk("role");
    out.bulk("master");
    out.bulk("modules");
    out.array(0);
  }

  private static void quit(CommandContext call) {
    call.out().ok();
    call.client().connection().end();
  }

  private static void reset(CommandContext call) {
    Client client = call.client();
    call.work().spend(client.subscriptions());
    client.transaction().end();
    call.context().pubSub().leave(client);
    client.name("");
    client.protocol(RespReplies.RESP2);
    client.admit(call.context().authentication().isRequired() ? null : Authentication.EVERYTHING);
    call.out().speak(RespReplies.RESP2);
    call.out().simple("RESET");
  }

  private static void select(CommandContext call) {
    checkStore(call, 1);
    call.out().ok();
  }

  /** Checks the number of a database: there is only database 0. */
  static void checkStore(CommandContext call, int argument) {
    long number = call.number(argument);
    if (number != (int) number) {
      throw new RespException(
          "ERR value is out of range, value must between -2147483648 and 2147483647");
    }
    if (number != 0) {
      throw new RespException("ERR DB index is out of range");
    }
  }
}
