package io.kvstore.log;

/**
 * The segment that is appended to.
 *
 * @param since the last change before it
 */
record ActiveSegment(Segment segment, long since) {}
