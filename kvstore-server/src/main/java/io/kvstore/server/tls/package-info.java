/** Encryption of the connections of all doors. */
@NullMarked
package io.kvstore.server.tls;

import org.jspecify.annotations.NullMarked;
