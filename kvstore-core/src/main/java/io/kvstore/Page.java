package io.kvstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a walk over entries, for callers that come back for the next one.
 *
 * @param entries none, where the part that was looked at has none in the range
 * @param cursor where to go on, for {@link KvStore#page}, or null after the last part. Text without
 *     blanks; good for as long as the store's directory exists, also after it was closed and opened
 */
public record Page<K, V>(List<Entry<K, V>> entries, @Nullable String cursor) {}
