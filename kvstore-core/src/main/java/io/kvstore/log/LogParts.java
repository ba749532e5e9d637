package io.kvstore.log;

/** What a {@link Log} works with. */
record LogParts(
    SegmentSource source,
    LogWriter writer,
    SegmentSizes sizes,
    Events events,
    WriteFailure failure) {}
