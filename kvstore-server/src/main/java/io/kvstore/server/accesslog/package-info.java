/**
 * The access log of the main port: a line for each answered request, its format and its file.
 *
 * <p>May use no other package of the server. Start at {@link AccessLog}.
 */
@NullMarked
package io.kvstore.server.accesslog;

import org.jspecify.annotations.NullMarked;
