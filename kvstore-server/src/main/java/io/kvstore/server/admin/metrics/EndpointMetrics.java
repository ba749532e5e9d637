package io.kvstore.server.admin.metrics;

import io.kvstore.server.net.Connections;
import io.kvstore.server.net.Traffic;

/**
 * The metrics of one endpoint: a protocol, its traffic and its connections.
 *
 * @param name as in metrics
 * @param failures the first outcome of its {@link Traffic} that says that we have failed
 */
public record EndpointMetrics(
    String name, Traffic traffic, Connections connections, int failures) {}
