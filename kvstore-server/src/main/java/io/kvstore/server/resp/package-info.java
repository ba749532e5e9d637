/**
 * The Redis protocol: its connections, and the execution of their commands.
 *
 * <p>May use the packages of {@code resp} below it, {@code auth} and {@code net}. Start at {@link
 * RespChannel}, then {@code RespConnection}, {@code CommandLoop} and {@code CommandExecution}.
 */
@NullMarked
package io.kvstore.server.resp;

import org.jspecify.annotations.NullMarked;
