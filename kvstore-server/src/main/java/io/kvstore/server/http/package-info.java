/**
 * The main port (HTTP/1.1): its connections, and the routing of their requests.
 *
 * <p>May use the packages of {@code http} below it, {@code auth}, {@code accesslog} and {@code
 * net}. Start at {@link HttpChannel}, then {@code HttpConnection}, {@code RequestExecution} and
 * {@code Routes}.
 */
@NullMarked
package io.kvstore.server.http;

import org.jspecify.annotations.NullMarked;
