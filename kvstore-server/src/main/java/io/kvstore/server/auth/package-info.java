/**
 * Authentication by token: the token file, and the rights that each token grants.
 *
 * <p>May use {@code reload}. Start at {@link TokenFile}.
 */
@NullMarked
package io.kvstore.server.auth;

import org.jspecify.annotations.NullMarked;
