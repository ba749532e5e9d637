package io.kvstore;

import java.util.List;

/**
 * The result of {@link StoreRepair}: what it has kept and what it had to drop.
 *
 * @param entries number of keys that have a value in the new store
 * @param bytes bytes of those keys and values
 * @param dropped every range of the old store whose bytes are not in the new one, or that is
 *     damaged, in the order of the log; empty if the old store was whole to its last byte
 */
public record RepairReport(long entries, long bytes, List<Damage> dropped) {

  /** Keeps a copy of the list. */
  public RepairReport {
    dropped = List.copyOf(dropped);
  }
}
