package io.kvstore.server.admin.metrics;

import java.time.Instant;

/**
 * Information about the server that does not change while it runs.
 *
 * @param directory of the store
 */
public record ServerInfo(String version, String directory, String durability, Instant started) {}
