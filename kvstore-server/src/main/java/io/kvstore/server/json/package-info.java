/**
 * The encoding of bytes as JSON strings and back, shared by every part of the server.
 *
 * <p>May use no other package of the server. Start at {@link JsonBytes}.
 */
@NullMarked
package io.kvstore.server.json;

import org.jspecify.annotations.NullMarked;
