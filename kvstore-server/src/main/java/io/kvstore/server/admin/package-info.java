/**
 * The management port as a whole: which routes it has, the dashboard, and the entries shown there.
 *
 * <p>May use {@code admin.port}, {@code admin.metrics} and {@code http.message}. Start at {@link
 * Management}.
 */
@NullMarked
package io.kvstore.server.admin;

import org.jspecify.annotations.NullMarked;
