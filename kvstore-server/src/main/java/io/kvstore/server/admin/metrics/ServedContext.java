package io.kvstore.server.admin.metrics;

import io.kvstore.KvStore;
import io.netty.channel.EventLoopGroup;
import java.util.List;

/**
 * The context of a server whose store is open: the store, the endpoints and the event loops.
 *
 * @param loops the event loops of all endpoints
 */
public record ServedContext(
    KvStore<byte[], byte[]> store, List<EndpointMetrics> endpoints, EventLoopGroup loops) {

  /** Copies the list. */
  public ServedContext {
    endpoints = List.copyOf(endpoints);
  }
}
