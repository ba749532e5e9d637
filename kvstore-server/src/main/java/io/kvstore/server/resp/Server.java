package io.kvstore.server.resp;

import io.kvstore.KvStore;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.Traffic;
import java.util.List;

/** What all connections share. Safe for use by any thread. */
final class Server {
  private final KvStore<byte[], byte[]> store;
  private final RespLimits limits;
  private final Access access;
  private final ReceiveBudget receiving;
  private final Counters counters = new Counters();
  private final Traffic traffic = new Traffic(CommandKind.names(), RespChannel.ERROR + 1);
  private final Clients clients;
  private final PubSub pubSub = new PubSub();
  private final ScanCursors cursors = new ScanCursors();
  private final CommandTable commands =
      new CommandTable(
          List.of(
              StringCommands.all(),
              SetCommands.all(),
              NumberCommands.all(),
              BitCommands.all(),
              KeyCommands.all(),
              ExpiryCommands.all(),
              WalkCommands.all(),
              TransactionCommands.all(),
              PubSubCommands.all(),
              ConnectionCommands.all(),
              ClientCommands.all(),
              ServerCommands.all(),
              CommandCommands.all()));

  Server(KvStore<byte[], byte[]> store, RespLimits limits, Access access, ReceiveBudget receiving) {
    this.store = store;
    this.limits = limits;
    this.access = access;
    this.receiving = receiving;
    this.clients = new Clients(counters, limits.maxConnections());
  }

  KvStore<byte[], byte[]> store() {
    return store;
  }

  RespLimits limits() {
    return limits;
  }

  Access access() {
    return access;
  }

  /** Memory for commands that are on their way, or queued. */
  ReceiveBudget receiving() {
    return receiving;
  }

  /** What has been answered. */
  Traffic traffic() {
    return traffic;
  }

  Counters counters() {
    return counters;
  }

  Clients clients() {
    return clients;
  }

  PubSub pubSub() {
    return pubSub;
  }

  ScanCursors cursors() {
    return cursors;
  }

  CommandTable commands() {
    return commands;
  }
}
