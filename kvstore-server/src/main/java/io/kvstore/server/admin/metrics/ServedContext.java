package io.kvstore.server.admin.metrics;

import io.kvstore.KvStore;
import io.kvstore.server.net.Budgets;
import io.netty.channel.EventLoopGroup;
import java.util.List;

/**
 * The context of a server whose store is open: the store, the endpoints, the event loops and the
 * memory budgets.
 *
 * @param loops the event loops of all endpoints
 * @param memory the memory budgets of all connections
 */
public record ServedContext(
    KvStore<byte[], byte[]> store,
    List<EndpointMetrics> endpoints,
    EventLoopGroup loops,
    Budgets memory) {

  /** Copies the list. */
  public ServedContext {
    endpoints = List.copyOf(endpoints);
  }
}
