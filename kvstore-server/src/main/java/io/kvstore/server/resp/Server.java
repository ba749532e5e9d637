package io.kvstore.server.resp;

import io.kvstore.KvStore;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.Traffic;

/** The context that all connections of the Redis protocol share. Safe for use by any thread. */
final class Server {
  /** The outcome of a command without an error in its reply. */
  static final int OK = 0;

  /** The outcome of a command with at least one error in its reply. */
  static final int ERROR = 1;

  private final KvStore<byte[], byte[]> store;
  private final RespLimits limits;
  private final Access access;
  private final ReceiveBudget receiving;
  private final Counters counters = new Counters();
  private final Traffic traffic = new Traffic(CommandKind.names(), ERROR + 1);
  private final Clients clients;
  private final PubSub pubSub = new PubSub();
  private final ScanCursors cursors = new ScanCursors();
  private final CommandTable commands;

  /**
   * Creates the context of a listener.
   *
   * @param commands all that a client may give
   * @param receiving memory for commands that are partially received, or queued
   */
  Server(
      CommandTable commands,
      KvStore<byte[], byte[]> store,
      RespLimits limits,
      Access access,
      ReceiveBudget receiving) {
    this.commands = commands;
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
