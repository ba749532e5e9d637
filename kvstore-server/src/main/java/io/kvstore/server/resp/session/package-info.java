/**
 * The state that commands work on: clients, transactions, subscriptions, and the context of a
 * command.
 *
 * <p>May use {@code resp.protocol}, {@code auth} and {@code net}. Start at {@link CommandContext},
 * then {@link RespCommand} and {@link UnitOfWork}.
 */
@NullMarked
package io.kvstore.server.resp.session;

import org.jspecify.annotations.NullMarked;
