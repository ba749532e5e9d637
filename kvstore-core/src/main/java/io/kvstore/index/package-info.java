/**
 * The index, which maps a key to its location: hash tables of eight bytes per entry, and the file
 * with a checkpoint of them. Uses {@code recovery} and below. Start reading at {@link
 * io.kvstore.index.KeyIndex}.
 */
@NullMarked
package io.kvstore.index;

import org.jspecify.annotations.NullMarked;
