/**
 * Responses: their fields, bodies, compression, and streams of unknown length.
 *
 * <p>May use {@code http.message} and {@code net}. Start at {@link ResponseWriter}, and at {@link
 * ResponseStream} for streams.
 */
@NullMarked
package io.kvstore.server.http.response;

import org.jspecify.annotations.NullMarked;
