package io.kvstore.log;

import io.kvstore.files.SegmentSizes;
import io.kvstore.platform.EventDispatcher;
import io.kvstore.platform.WriteFailure;

/**
 * The collaborators of a {@link Log}.
 *
 * @param tags the writer tags, which its sync markers carry to distinguish them from those of other
 *     writers of the same directory
 */
public record LogParts(
    SegmentSource source,
    LogWriter writer,
    SegmentSizes sizes,
    EventDispatcher events,
    WriteFailure failure,
    WriterTags tags) {}
