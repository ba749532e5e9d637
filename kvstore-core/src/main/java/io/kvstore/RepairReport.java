package io.kvstore;

import java.util.List;

/**
 * What {@link StoreRepair} has kept, and what it could not keep.
 *
 * @param entries keys that have a value in the new store
 * @param bytes of those keys and values
 * @param dropped every place of the old store whose bytes are not in the new one, or that is
 *     damaged, in the order of the log; empty if the old store was whole to its last byte
 */
public record RepairReport(long entries, long bytes, List<Damage> dropped) {

  /** Keeps a copy of the list. */
  public RepairReport {
    dropped = List.copyOf(dropped);
  }
}
