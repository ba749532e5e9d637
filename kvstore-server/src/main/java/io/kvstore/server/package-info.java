/**
 * The server program: reads its settings, opens the store and the listeners, and stops in order.
 *
 * <p>May use every package of the server. Start at {@link Main}, then {@code KvServer}.
 */
@NullMarked
package io.kvstore.server;

import org.jspecify.annotations.NullMarked;
