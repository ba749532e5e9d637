/**
 * The infrastructure of connections, for all protocols: idle timers, closing, memory budgets and
 * traffic counters.
 *
 * <p>May use no other package of the server. Start at {@link Connections} and {@link Traffic}.
 */
@NullMarked
package io.kvstore.server.net;

import org.jspecify.annotations.NullMarked;
