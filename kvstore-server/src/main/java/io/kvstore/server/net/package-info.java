/** What all doors have in common. */
@NullMarked
package io.kvstore.server.net;

import org.jspecify.annotations.NullMarked;
