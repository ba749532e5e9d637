/** Codecs, which encode objects as bytes and decode them. */
@NullMarked
package io.kvstore.codec;

import org.jspecify.annotations.NullMarked;
