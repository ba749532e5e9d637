/** Objects to bytes and back. */
@NullMarked
package io.kvstore.codec;

import org.jspecify.annotations.NullMarked;
