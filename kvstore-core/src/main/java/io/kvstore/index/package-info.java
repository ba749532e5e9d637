/**
 * Finds the location of a key: hash tables of eight bytes an entry, and the file that holds a
 * checkpoint of them. Uses {@code recovery} and below. Start reading at {@link
 * io.kvstore.index.KeyIndex}.
 */
@NullMarked
package io.kvstore.index;

import org.jspecify.annotations.NullMarked;
