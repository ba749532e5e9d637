/**
 * What connections of all protocols share: idle timeouts, closing, memory budgets and traffic
 * counters.
 *
 * <p>May use no other package. Start at {@link Connections} and {@link Traffic}.
 */
@NullMarked
package io.kvstore.server.net;

import org.jspecify.annotations.NullMarked;
