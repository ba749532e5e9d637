/**
 * The segment files of a directory: their names, creation, reuse and sizes, and the list of those
 * that are sealed. Uses {@code segment} and below. Start reading at {@link
 * io.kvstore.files.SegmentFiles} and {@link io.kvstore.files.SegmentList}.
 */
@NullMarked
package io.kvstore.files;

import org.jspecify.annotations.NullMarked;
