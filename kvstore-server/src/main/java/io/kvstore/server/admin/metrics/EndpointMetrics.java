package io.kvstore.server.admin.metrics;

import io.kvstore.server.net.Connections;
import io.kvstore.server.net.Traffic;

/**
 * The metrics of one endpoint: a protocol, its traffic and its connections.
 *
 * @param name the label in metrics
 * @param failures the first outcome of its {@link Traffic} that is a server error
 */
public record EndpointMetrics(
    String name, Traffic traffic, Connections connections, int failures) {}
