package io.kvstore.server.admin.metrics;

import java.time.Instant;

/**
 * What does not change while the server runs.
 *
 * @param directory of the store
 */
public record Facts(String version, String directory, String durability, Instant started) {}
