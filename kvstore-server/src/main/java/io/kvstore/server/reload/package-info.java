/**
 * Files that are reloaded while the server runs, such as certificates and tokens.
 *
 * <p>May use no other package of the server. Start at {@link Reloaded}.
 */
@NullMarked
package io.kvstore.server.reload;

import org.jspecify.annotations.NullMarked;
