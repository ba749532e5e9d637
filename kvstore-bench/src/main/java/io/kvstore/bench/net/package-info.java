/** Load over the network: a client that keeps to its schedule and trusts no answer. */
@NullMarked
package io.kvstore.bench.net;

import org.jspecify.annotations.NullMarked;
