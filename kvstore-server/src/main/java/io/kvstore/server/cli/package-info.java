/**
 * The subcommands that work on the directory of a store without a server.
 *
 * <p>May use {@code json}. Start at {@link StoreCommands}.
 */
@NullMarked
package io.kvstore.server.cli;

import org.jspecify.annotations.NullMarked;
