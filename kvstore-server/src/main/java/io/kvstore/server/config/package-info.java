/**
 * The settings: each defined once, and read from flags, variables and a file.
 *
 * <p>May use the records of limits in {@code http.message} and {@code resp.protocol}, and {@code
 * accesslog}. Start at {@link Setting}, then {@link ServerConfig}.
 */
@NullMarked
package io.kvstore.server.config;

import org.jspecify.annotations.NullMarked;
