package io.kvstore.server.resp.session;

import io.kvstore.server.resp.protocol.Request;
import io.kvstore.server.resp.protocol.RespException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command table: a hash table that finds commands by the bytes of their name. */
public final class CommandTable {
  private static final int SLOTS = 1024;
  private static final int MAX_SHOWN_BYTES = 128;

  private final @Nullable RespCommand[] slots = new RespCommand[SLOTS];
  private final List<RespCommand> all = new ArrayList<>();

  public CommandTable(List<List<RespCommand>> groups) {
    for (List<RespCommand> group : groups) {
      for (RespCommand command : group) {
        int slot = hash(command.capitals(), 0, command.capitals().length);
        while (slots[slot] != null) {
          slot = (slot + 1) % SLOTS;
        }
        slots[slot] = command;
        all.add(command);
      }
    }
  }

  public List<RespCommand> all() {
    return all;
  }

  /** Returns the command that an argument names, or null. */
  public @Nullable RespCommand find(Request request, int i) {
    if (request.length(i) > MAX_SHOWN_BYTES) {
      return null; // no name is as long
    }
    int slot = hash(request.array(), request.start(i), request.length(i));
    while (true) {
      RespCommand command = slots[slot];
      if (command == null || RespCommand.isNamed(command.capitals(), request, i)) {
        return command;
      }
      slot = (slot + 1) % SLOTS;
    }
  }

  private static int hash(byte[] bytes, int from, int length) {
    int hash = length;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + Request.capital(bytes[i]);
    }
    return (hash ^ hash >>> 10) & SLOTS - 1;
  }

  /**
   * Returns the command, or subcommand, of a request.
   *
   * @throws RespException if it is unknown, or the number of arguments is wrong
   */
  public RespCommand called(Request request) {
    RespCommand command = find(request, 0);
    if (command == null) {
      throw unknown(request);
    }
    if (!command.parts().isEmpty() && request.count() > 1) {
      RespCommand part = command.part(request);
      if (part == null) {
        throw new RespException(
            "ERR unknown subcommand '"
                + shown(request, 1, MAX_SHOWN_BYTES)
                + "'. Try "
                + new String(command.capitals(), StandardCharsets.US_ASCII)
                + " HELP.");
      }
      command = part;
    }
    if (!command.takes(request.count())) {
      throw wrongCount(command);
    }
    return command;
  }

  public static RespException wrongCount(RespCommand command) {
    return new RespException("ERR wrong number of arguments for '" + command.name() + "' command");
  }

  private static RespException unknown(Request request) {
    StringBuilder arguments = new StringBuilder();
    for (int i = 1; i < request.count() && arguments.length() < MAX_SHOWN_BYTES; i++) {
      arguments
          .append('\'')
          .append(shown(request, i, MAX_SHOWN_BYTES - arguments.length()))
          .append("' ");
    }
    return new RespException(
        "ERR unknown command '"
            + shown(request, 0, MAX_SHOWN_BYTES)
            + "', with args beginning with: "
            + arguments);
  }

  /** Returns the beginning of an argument. */
  private static String shown(Request request, int i, int most) {
    return request.shown(i, most);
  }
}
