package io.kvstore;

import io.kvstore.codec.Codecs;
import io.kvstore.repair.StoreInspection;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The repair of a damaged store: copies its whole records into a new store. */
public final class StoreRepair {
  private StoreRepair() {}

  /**
   * Reads every whole record of a store, including those behind damage, and puts the resulting
   * entries into a new store. The old store is not changed; while it is read, no process can open
   * it.
   *
   * <p>The latest whole change of a key decides, and a delete deletes. So a key whose latest change
   * was lost has the previous value in the new store, or none; the sequences in {@link
   * RepairReport#dropped} bound the number of changes that can be affected. Keys, values and the
   * number of stripes are kept; versions are not, they start from 1.
   *
   * <p>A batch is all or none here too: if one of its records is damaged, none of them is kept.
   * Only if the damage hides that records belong together are those behind it kept, since nothing
   * distinguishes them from independent changes.
   *
   * <p>More is kept than opening would keep: opening cuts off all of a torn tail, while repair
   * keeps its whole records. A segment whose header is damaged is still read if its records prove
   * what the header said; if not, all of it is dropped, since nothing else distinguishes its
   * records from bytes that look like records. If the list of segments is lost, all existing
   * segments are read, including those that an interrupted compaction may have left over: a key
   * that was deleted can be back then.
   *
   * @param from directory of the store
   * @param to directory of the new one: missing, or empty; outside {@code from}
   * @param progress progress callback, called on the calling thread; null for none
   * @throws LockedStoreException if a store has {@code from} open
   * @throws KvStoreException if {@code from} is not a store, is of a newer version or can't be
   *     read, or {@code to} is not empty or can't be written; if the copy had begun, {@code to} is
   *     left incomplete and should be deleted
   */
  public static RepairReport repair(Path from, Path to, @Nullable OpenProgress progress) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    return new StoreInspection(from, progress).repair(to, stripes -> fresh(to, stripes));
  }

  /** What is not yet synced is synced when it is closed. */
  private static KvStore<byte[], byte[]> fresh(Path directory, int stripes) {
    return KvStore.builder(Codecs.bytes(), Codecs.bytes())
        .directory(directory)
        .durability(Durability.PROCESS)
        .stripes(stripes)
        .maxValueBytes(KvStoreBuilder.LARGEST_MAX_VALUE_BYTES)
        .open();
  }
}
