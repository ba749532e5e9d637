package io.kvstore;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The value of an entry as it lies in the log, and what else there is to the entry.
 *
 * <p>Of the moment it was looked up: a later put under the same key changes none of them.
 *
 * @param bytes the encoded value, position 0 to limit, read-only. Its content never changes and it
 *     may be kept for as long as needed, even after the store is closed; while one of more than 16
 *     KiB is, the file that holds it keeps its space on disk
 * @param version as in {@link Entry}
 * @param expiresAt as in {@link Entry}
 * @param label as in {@link Entry}
 */
public record ValueView(
    ByteBuffer bytes, long version, @Nullable Instant expiresAt, @Nullable String label) {}
