/** Load test over the network: an open-loop client that verifies every response. */
@NullMarked
package io.kvstore.bench.net;

import org.jspecify.annotations.NullMarked;
