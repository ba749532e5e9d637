/** Who may do what: tokens, and the file that they stand in. */
@NullMarked
package io.kvstore.server.auth;

import org.jspecify.annotations.NullMarked;
