/**
 * The directory of a store: opening and closing it, and the small files beside the segments, which
 * are manifest, history and schemas. Uses {@code ownership}, {@code recovery} and below. Start
 * reading at {@link io.kvstore.directory.StoreDirectory}.
 */
@NullMarked
package io.kvstore.directory;

import org.jspecify.annotations.NullMarked;
