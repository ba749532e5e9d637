package io.kvstore.stripe;

import io.kvstore.segment.StoredRecord;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The records of all entries, in the store or in a snapshot. */
public interface StoredRecords {
  /** Returns a copy of the record of a key, or null if it has none. */
  @Nullable StoredRecord copy(byte[] key);

  /** Returns an iterator over the records of all entries. */
  Iterator<? extends StoredRecord> records();
}
