/**
 * The syntax of the Redis protocol: requests, replies, errors, patterns and limits.
 *
 * <p>May use {@code net}. Start at {@link RequestParser} and {@link RespReplies}.
 */
@NullMarked
package io.kvstore.server.resp.protocol;

import org.jspecify.annotations.NullMarked;
