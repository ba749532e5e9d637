/**
 * The commands of the Redis protocol, by group, as values of {@code RespCommand}.
 *
 * <p>May use {@code resp.session} and the packages below it. Start at {@link Commands}; {@code
 * StringCommands} is a typical group.
 */
@NullMarked
package io.kvstore.server.resp.command;

import org.jspecify.annotations.NullMarked;
