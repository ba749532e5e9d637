package io.kvstore.server.resp.session;

import io.kvstore.KvStore;
import io.kvstore.server.net.Budgets;
import io.kvstore.server.net.ReceiveBudget;
import io.kvstore.server.net.SendBudget;
import io.kvstore.server.net.Traffic;
import io.kvstore.server.resp.protocol.RespLimits;

/** The context that all connections of the Redis protocol share. Safe for use by any thread. */
public final class RespContext {
  /** The outcome of a command without an error in its reply. */
  public static final int OK = 0;

  /** The outcome of a command with at least one error in its reply. */
  public static final int ERROR = 1;

  private final KvStore<byte[], byte[]> store;
  private final RespLimits limits;
  private final Authentication authentication;
  private final ReceiveBudget receiving;
  private final SendBudget sending;
  private final Counters counters = new Counters();
  private final Traffic traffic = new Traffic(CommandKind.names(), ERROR + 1);
  private final ClientRegistry clients;
  private final PubSub pubSub;
  private final ScanCursors cursors = new ScanCursors();
  private final HttpWarning httpWarning = new HttpWarning();
  private final CommandTable commands;

  /**
   * Creates the context of a listener.
   *
   * @param commands the commands of the server
   * @param memory the memory budgets of all connections
   */
  public RespContext(
      CommandTable commands,
      KvStore<byte[], byte[]> store,
      RespLimits limits,
      Authentication authentication,
      Budgets memory) {
    this.commands = commands;
    this.store = store;
    this.limits = limits;
    this.authentication = authentication;
    this.receiving = memory.receiving();
    this.sending = memory.sending();
    this.pubSub = new PubSub(sending);
    this.clients = new ClientRegistry(counters, limits.maxConnections());
  }

  public KvStore<byte[], byte[]> store() {
    return store;
  }

  public RespLimits limits() {
    return limits;
  }

  public Authentication authentication() {
    return authentication;
  }

  /** The memory budget for partially received or queued commands. */
  public ReceiveBudget receiving() {
    return receiving;
  }

  /** The memory budget for replies, messages and commands in progress. */
  public SendBudget sending() {
    return sending;
  }

  /** The traffic, by command type and outcome. */
  public Traffic traffic() {
    return traffic;
  }

  public Counters counters() {
    return counters;
  }

  public ClientRegistry clients() {
    return clients;
  }

  public PubSub pubSub() {
    return pubSub;
  }

  public ScanCursors cursors() {
    return cursors;
  }

  public HttpWarning httpWarning() {
    return httpWarning;
  }

  public CommandTable commands() {
    return commands;
  }
}
