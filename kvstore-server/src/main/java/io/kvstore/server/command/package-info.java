/** The commands that work on the directory of a store, without the server. */
@NullMarked
package io.kvstore.server.command;

import org.jspecify.annotations.NullMarked;
