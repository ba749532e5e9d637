/**
 * The log, which is all records in order: appending, rolling to the next segment, writing and
 * syncing in each durability mode. Uses {@code segment} and below. Start reading at {@link
 * io.kvstore.log.Log}.
 */
@NullMarked
package io.kvstore.log;

import org.jspecify.annotations.NullMarked;
