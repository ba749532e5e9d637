/** The program: reads its settings, opens the store, serves it, and stops in order. */
@NullMarked
package io.kvstore.server;

import org.jspecify.annotations.NullMarked;
