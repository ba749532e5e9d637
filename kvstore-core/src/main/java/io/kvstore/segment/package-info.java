/**
 * The segments: header, mapping, reading, scanning and totals of one file of records, and the table
 * of all segments. Uses {@code record} and {@code platform}; does not append. Start reading at
 * {@link io.kvstore.segment.Segment} and {@link io.kvstore.segment.SegmentScanner}.
 */
@NullMarked
package io.kvstore.segment;

import org.jspecify.annotations.NullMarked;
