/**
 * Requests for one entry: GET, PUT, POST and DELETE of a path, with their preconditions.
 *
 * <p>May use {@code http.response}, {@code http.message} and {@code net}. Start at {@link
 * EntryRequest}, then {@link EntryReads} and {@link EntryWrites}.
 */
@NullMarked
package io.kvstore.server.http.entry;

import org.jspecify.annotations.NullMarked;
