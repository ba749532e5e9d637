/** The commands that work on the directory of a store, without the server. */
@NullMarked
package io.kvstore.server.cli;

import org.jspecify.annotations.NullMarked;
