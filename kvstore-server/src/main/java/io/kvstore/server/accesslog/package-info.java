/** The access log: a line for each request over HTTP that has been answered. */
@NullMarked
package io.kvstore.server.accesslog;

import org.jspecify.annotations.NullMarked;
