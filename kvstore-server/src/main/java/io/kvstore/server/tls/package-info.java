/**
 * TLS for the connections of every port.
 *
 * <p>May use {@code config} and {@code reload}. Start at {@link Tls}.
 */
@NullMarked
package io.kvstore.server.tls;

import org.jspecify.annotations.NullMarked;
