/**
 * The small files beside the segments: manifest, history, schemas; and opening and closing a
 * directory. Uses {@code ownership}, {@code recovery} and below. Start reading at {@link
 * io.kvstore.directory.StoreDirectory}.
 */
@NullMarked
package io.kvstore.directory;

import org.jspecify.annotations.NullMarked;
