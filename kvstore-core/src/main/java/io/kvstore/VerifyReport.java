package io.kvstore;

import java.util.List;

/**
 * The result of {@link StoreVerifier}. Only whole records are counted.
 *
 * @param segments files of the log that were read
 * @param puts records of puts, live or stale
 * @param putBytes their bytes, headers included
 * @param tombstones records of deletes
 * @param tombstoneBytes their bytes
 * @param marks sync markers: records of what had been synced
 * @param seals records that end a segment
 * @param entries keys that have a value: live puts
 * @param liveBytes bytes of live puts
 * @param tornBytes bytes of a torn tail, left by an ordinary crash, which the next opening cuts off
 * @param damage damaged ranges that no crash explains, in the order of the log. A store with any is
 *     rejected when it is opened, unless all of them lie in records that a checkpoint of the
 *     indexes covers: these are checked when they are read
 */
public record VerifyReport(
    int segments,
    long puts,
    long putBytes,
    long tombstones,
    long tombstoneBytes,
    long marks,
    long seals,
    long entries,
    long liveBytes,
    long tornBytes,
    List<Damage> damage) {

  /** Keeps a copy of the list. */
  public VerifyReport {
    damage = List.copyOf(damage);
  }

  /**
   * Returns whether there is no damage: the store can be opened, and has every change that its
   * files prove to have been synced.
   */
  public boolean isWhole() {
    return damage.isEmpty();
  }

  /** Returns the number of puts that a later change of their key has replaced. */
  public long stalePuts() {
    return puts - entries;
  }

  /** Returns the bytes of the puts that a later change of their key has replaced. */
  public long staleBytes() {
    return putBytes - liveBytes;
  }
}
