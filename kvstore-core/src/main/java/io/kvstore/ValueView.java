package io.kvstore;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A view of the encoded value of an entry in the log, with the version, deadline and label of the
 * entry.
 *
 * <p>The view is of the time of the lookup: a later put under the same key does not change it.
 *
 * @param bytes the encoded value, position 0 to limit, read-only. Its content never changes, and it
 *     may be kept for as long as needed, even after the store is closed; while a value of more than
 *     16 KiB is kept, the file that holds it keeps its space on disk
 * @param version as in {@link Entry}
 * @param expiresAt as in {@link Entry}
 * @param label as in {@link Entry}
 */
public record ValueView(
    ByteBuffer bytes, long version, @Nullable Instant expiresAt, @Nullable String label) {}
