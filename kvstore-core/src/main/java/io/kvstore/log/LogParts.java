package io.kvstore.log;

/**
 * What a {@link Log} works with.
 *
 * @param tags go into its marks, to tell them from those of other writers of the same directory
 */
record LogParts(
    SegmentSource source,
    LogWriter writer,
    SegmentSizes sizes,
    Events events,
    WriteFailure failure,
    WriterTags tags) {}
