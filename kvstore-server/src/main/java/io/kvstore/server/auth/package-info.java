/**
 * Authorization: tokens, the file that lists them, and the rights that each grants.
 *
 * <p>May use {@code reload}. Start at {@link TokenFile}.
 */
@NullMarked
package io.kvstore.server.auth;

import org.jspecify.annotations.NullMarked;
