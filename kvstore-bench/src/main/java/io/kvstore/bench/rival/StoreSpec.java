package io.kvstore.bench.rival;

import io.kvstore.bench.load.Workload;
import java.nio.file.Path;

/**
 * Parameters for opening a rival; some reserve space by them.
 *
 * @param directory where its files are or come; it stays when the store is closed
 * @param entries the maximum number of entries
 * @param valueBytes the length of every value
 * @param durable whether a put returns only when it would survive a power cut, as far as the rival
 *     can
 */
public record StoreSpec(Path directory, int entries, int valueBytes, boolean durable) {

  /** Values of 100 bytes, and no sync for each put. */
  public static StoreSpec fast(Path directory, int entries) {
    return new StoreSpec(directory, entries, Workload.VALUE_BYTES, false);
  }

  /** The same, with a sync for each put. */
  public static StoreSpec durable(Path directory, int entries) {
    return new StoreSpec(directory, entries, Workload.VALUE_BYTES, true);
  }
}
