package io.kvstore.server.admin.metrics;

import io.kvstore.KvStore;
import io.netty.channel.EventLoopGroup;
import java.util.List;

/**
 * What is served, once the store is open.
 *
 * @param loops the event loops of all doors
 */
public record Served(
    KvStore<byte[], byte[]> store, List<EndpointMetrics> endpoints, EventLoopGroup loops) {

  /** Copies the list. */
  public Served {
    endpoints = List.copyOf(endpoints);
  }
}
