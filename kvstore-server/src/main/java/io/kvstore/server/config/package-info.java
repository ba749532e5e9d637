/** What the server is told: each setting once, and from where its value comes. */
@NullMarked
package io.kvstore.server.config;

import org.jspecify.annotations.NullMarked;
