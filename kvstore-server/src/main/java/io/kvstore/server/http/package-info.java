/** The store over HTTP/1.1: every path is a key. */
@NullMarked
package io.kvstore.server.http;

import org.jspecify.annotations.NullMarked;
