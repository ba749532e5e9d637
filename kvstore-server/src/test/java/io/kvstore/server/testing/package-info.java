/** What the server's tests share. */
@NullMarked
package io.kvstore.server.testing;

import org.jspecify.annotations.NullMarked;
