package io.kvstore.server.resp.command;

import io.kvstore.server.resp.session.CommandTable;
import java.util.List;

/** The commands that the server implements, by group. */
public final class Commands {
  private Commands() {}

  /** Returns a table of all commands. */
  public static CommandTable table() {
    return new CommandTable(
        List.of(
            StringCommands.all(),
            SetCommands.all(),
            NumberCommands.all(),
            BitCommands.all(),
            KeyCommands.all(),
            ExpiryCommands.all(),
            ScanCommands.all(),
            TransactionCommands.all(),
            PubSubCommands.all(),
            ConnectionCommands.all(),
            ClientCommands.all(),
            ServerCommands.all(),
            CommandCommands.all()));
  }
}
