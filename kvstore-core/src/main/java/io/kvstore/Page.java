package io.kvstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a cursor scan over entries, see {@link KvStore#page}.
 *
 * @param entries the entries; may be empty before the last page, if none of the examined entries is
 *     in the range
 * @param cursor the cursor of the next page, for {@link KvStore#page}, or null after the last page.
 *     Text without blanks; valid for as long as the store's directory exists, also after the store
 *     was closed and reopened
 */
public record Page<K, V>(List<Entry<K, V>> entries, @Nullable String cursor) {}
