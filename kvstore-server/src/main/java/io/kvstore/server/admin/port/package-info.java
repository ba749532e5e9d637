/**
 * The HTTP listener of the management port: connections, requests, routing and responses.
 *
 * <p>May use {@code http.message} and {@code net}. Start at {@link ManagementPort}, then {@link
 * ManagementRoutes}.
 */
@NullMarked
package io.kvstore.server.admin.port;

import org.jspecify.annotations.NullMarked;
