/**
 * The syntax of HTTP requests, as values: header sections, bodies, fields, queries, keys and
 * limits.
 *
 * <p>May use the API of the store, and no other package of the server; the management port uses it
 * too. Start at {@link RequestDecoder}, then {@link RequestHead}.
 */
@NullMarked
package io.kvstore.server.http.message;

import org.jspecify.annotations.NullMarked;
