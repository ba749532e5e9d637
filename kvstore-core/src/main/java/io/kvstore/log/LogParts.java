package io.kvstore.log;

import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.WriteFailure;
import io.kvstore.segment.SegmentSizes;

/**
 * What a {@link Log} works with.
 *
 * @param tags go into its marks, to tell them from those of other writers of the same directory
 */
public record LogParts(
    SegmentSource source,
    LogWriter writer,
    SegmentSizes sizes,
    EventDispatcher events,
    WriteFailure failure,
    WriterTags tags) {}
