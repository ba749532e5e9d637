/**
 * One file of records: its header, how it is mapped, read, scanned and counted, and the table and
 * the list of all of them. Uses {@code record} and {@code platform}; knows nothing of appending.
 * Start reading at {@link io.kvstore.segment.Segment} and {@link
 * io.kvstore.segment.SegmentScanner}.
 */
@NullMarked
package io.kvstore.segment;

import org.jspecify.annotations.NullMarked;
