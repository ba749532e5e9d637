/**
 * JSON strings from bytes and back, as every part of the server writes them.
 *
 * <p>May use no other package. Start at {@link JsonBytes}.
 */
@NullMarked
package io.kvstore.server.json;

import org.jspecify.annotations.NullMarked;
