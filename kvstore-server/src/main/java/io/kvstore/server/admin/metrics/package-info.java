/**
 * What the management port reports: health, statistics, and metrics in the format of Prometheus.
 *
 * <p>May use {@code admin.port} and {@code net}. Start at {@link Metrics} and {@link Health}.
 */
@NullMarked
package io.kvstore.server.admin.metrics;

import org.jspecify.annotations.NullMarked;
