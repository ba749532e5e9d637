/**
 * The management port as a whole: its routes, the dashboard, and the entry browser.
 *
 * <p>May use {@code admin.port}, {@code admin.metrics} and {@code http.message}. Start at {@link
 * Management}.
 */
@NullMarked
package io.kvstore.server.admin;

import org.jspecify.annotations.NullMarked;
