package io.kvstore.server.admin.metrics;

import io.kvstore.server.net.Connections;
import io.kvstore.server.net.Traffic;

/**
 * A door, for those who count.
 *
 * @param name as in metrics
 * @param failures the first outcome of its {@link Traffic} that says that we have failed
 */
public record WatchedDoor(String name, Traffic traffic, Connections connections, int failures) {}
