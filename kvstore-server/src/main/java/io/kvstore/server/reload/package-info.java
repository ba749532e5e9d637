/** Files that are read again when they change. */
@NullMarked
package io.kvstore.server.reload;

import org.jspecify.annotations.NullMarked;
