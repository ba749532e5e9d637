package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.session.Authentication;
import io.kvstore.server.resp.session.Client;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.RespCommand;
import io.kvstore.server.resp.session.RespCommand.Flag;
import io.kvstore.server.resp.session.RespCommand.Keys;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The CLIENT command and its subcommands. */
final class ClientCommands {
  /** The clients that are looked at in a unit of work. */
  private static final int CLIENTS_PER_UNIT = 16;

  private ClientCommands() {}

  static List<RespCommand> all() {
    return List.of(
        new RespCommand("client", -2, Keys.NONE, call -> {})
            .in("connection")
            .with(
                List.of(
                    part("client|setname", 3, ClientCommands::setName),
                    part("client|getname", 2, ClientCommands::getName),
                    part("client|id", 2, call -> call.out().integer(call.client().id())),
                    part("client|info", 2, ClientCommands::info),
                    part("client|list", -2, ClientCommands::list),
                    part("client|setinfo", 4, ClientCommands::setInfo),
                    part("client|no-evict", 3, ClientCommands::onOrOff),
                    part("client|no-touch", 3, ClientCommands::onOrOff),
                    part("client|kill", -3, ClientCommands::kill),
                    ServerCommands.help("client"))));
  }

  private static RespCommand part(String name, int arity, RespCommand.Action action) {
    return new RespCommand(name, arity, Keys.NONE, action)
        .with(Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .in("connection");
  }

  private static void setName(CommandContext call) {
    checkName(call, 2);
    call.client().name(call.request().text(2));
    call.out().ok();
  }

  /** Rejects a name with characters that would break the format of CLIENT LIST. */
  static void checkName(CommandContext call, int argument) {
    checkWord(call, argument, "Client names");
  }

  private static void checkWord(CommandContext call, int argument, String what) {
    if (call.request().length(argument) > RespLimits.MAX_NAME_BYTES) {
      throw new RespException(
          "ERR " + what + " cannot have more than " + RespLimits.MAX_NAME_BYTES + " bytes.");
    }
    for (byte b : call.bytes(argument)) {
      if (b < '!' || b > '~') {
        throw new RespException(
            "ERR " + what + " cannot contain spaces, newlines or special characters.");
      }
    }
  }

  private static void getName(CommandContext call) {
    String name = call.client().name();
    if (name.isEmpty()) {
      call.out().nothing();
    } else {
      call.out().bulk(name);
    }
  }

  private static void setInfo(CommandContext call) {
    if (call.is(2, "LIB-NAME")) {
      checkWord(call, 3, "lib-name");
      call.client().library(call.request().text(3), null);
    } else if (call.is(2, "LIB-VER")) {
      checkWord(call, 3, "lib-ver");
      call.client().library(null, call.request().text(3));
    } else {
      throw new RespException("ERR Unrecognized option '" + call.request().shown(2) + "'");
    }
    call.out().ok();
  }

  private static void onOrOff(CommandContext call) {
    if (!call.is(2, "ON") && !call.is(2, "OFF")) {
      throw RespException.syntax();
    }
    call.out().ok();
  }

  private static void info(CommandContext call) {
    call.out().verbatim(call.client().described() + '\n');
  }

  private static void list(CommandContext call) {
    call.work().spend(call.count() + call.context().clients().count());
    Predicate<Client> wanted = client -> true;
    if (call.count() == 4 && call.is(2, "TYPE")) {
      wanted = ofType(call, 3);
    } else if (call.count() > 3 && call.is(2, "ID")) {
      Set<Long> ids = new HashSet<>();
      for (int i = 3; i < call.count(); i++) {
        if (!call.request().isNumber(i) || call.number(i) <= 0) {
          throw new RespException("ERR Invalid client ID");
        }
        ids.add(call.number(i));
      }
      wanted = client -> ids.contains(client.id());
    } else if (call.count() != 2) {
      throw RespException.syntax();
    }
    call.out()
        .verbatim(
            call.context().clients().all().stream()
                .filter(wanted)
                .map(client -> client.described() + '\n')
                .collect(Collectors.joining()));
  }

  private static Predicate<Client> ofType(CommandContext call, int argument) {
    if (call.is(argument, "NORMAL")) {
      return client -> !client.isSubscriber();
    }
    if (call.is(argument, "PUBSUB")) {
      return Client::isSubscriber;
    }
    if (call.is(argument, "MASTER") || call.is(argument, "REPLICA") || call.is(argument, "SLAVE")) {
      return client -> false;
    }
    throw new RespException("ERR Unknown client type '" + call.request().shown(argument) + "'");
  }

  private static void kill(CommandContext call) {
    if (call.count() == 3) {
      String address = call.request().text(2);
      if (close(call, client -> client.address().equals(address), false) == 0) {
        throw new RespException("ERR No such client");
      }
      call.out().ok();
      return;
    }
    List<Predicate<Client>> filters = new ArrayList<>();
    boolean skipSelf = true;
    for (int i = 2; i < call.count(); i += 2) {
      if (i + 1 >= call.count()) {
        throw RespException.syntax();
      }
      if (call.is(i, "SKIPME")) {
        skipSelf = call.is(i + 1, "YES");
        if (!skipSelf && !call.is(i + 1, "NO")) {
          throw RespException.syntax();
        }
      } else {
        checkFilters(filters.size() + 1);
        filters.add(filter(call, i));
      }
    }
    call.out().integer(close(call, client -> isWanted(client, filters), skipSelf));
  }

  private static void checkFilters(int count) {
    if (count > RespLimits.MAX_CLIENT_FILTERS) {
      throw new RespException(
          "ERR more than the limit of " + RespLimits.MAX_CLIENT_FILTERS + " filters");
    }
  }

  private static boolean isWanted(Client client, List<Predicate<Client>> filters) {
    for (Predicate<Client> filter : filters) {
      if (!filter.test(client)) {
        return false;
      }
    }
    return true;
  }

  private static Predicate<Client> filter(CommandContext call, int i) {
    String value = call.request().text(i + 1);
    if (call.is(i, "ID")) {
      if (!call.request().isNumber(i + 1) || call.number(i + 1) <= 0) {
        throw new RespException("ERR client-id should be greater than 0");
      }
      long id = call.number(i + 1);
      return client -> client.id() == id;
    }
    if (call.is(i, "ADDR")) {
      return client -> client.address().equals(value);
    }
    if (call.is(i, "LADDR")) {
      return client -> client.localAddress().equals(value);
    }
    if (call.is(i, "TYPE")) {
      return ofType(call, i + 1);
    }
    if (call.is(i, "USER")) {
      call.work().spend(call.context().clients().count() / CLIENTS_PER_UNIT);
      Predicate<Client> isNamed =
          client -> client.isAuthenticated() && client.userName().equals(value);
      boolean isUser =
          value.equals(Authentication.DEFAULT_USER)
              || call.context().clients().all().stream().anyMatch(isNamed);
      if (!isUser) {
        throw new RespException("ERR No such user '" + value + "'");
      }
      return isNamed;
    }
    throw RespException.syntax();
  }

  private static int close(CommandContext call, Predicate<Client> wanted, boolean skipSelf) {
    call.work().spend(call.context().clients().count() / CLIENTS_PER_UNIT);
    List<Client> closed = new ArrayList<>();
    for (Client client : call.context().clients().all()) {
      if (wanted.test(client) && !(skipSelf && client == call.client())) {
        closed.add(client);
        call.work().spend(1);
      }
    }
    for (Client client : closed) {
      boolean isSelf = client == call.client();
      // The own connection is closed after the reply, and others only if the transaction is
      // applied.
      call.work().afterwards(isSelf ? client.connection()::end : client.connection()::close);
    }
    return closed.size();
  }
}
