package io.kvstore.server.admin.metrics;

import java.time.Instant;

/**
 * The information about the server that does not change while it runs.
 *
 * @param directory the directory of the store
 */
public record ServerInfo(String version, String directory, String durability, Instant started) {}
