/** The second door: the Redis protocol over the same store. */
@NullMarked
package io.kvstore.server.resp;

import org.jspecify.annotations.NullMarked;
