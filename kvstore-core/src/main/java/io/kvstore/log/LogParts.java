package io.kvstore.log;

/**
 * What a {@link Log} works with.
 *
 * @param tag goes into its marks, to tell them from those of other writers of the same directory
 */
record LogParts(
    SegmentSource source,
    LogWriter writer,
    SegmentSizes sizes,
    Events events,
    WriteFailure failure,
    int tag) {}
