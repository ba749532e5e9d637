package io.kvstore;

import io.kvstore.codec.Codecs;
import io.kvstore.repair.StoreInspection;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes what is whole out of a damaged store, into a new one. */
public final class StoreRepair {
  private StoreRepair() {}

  /**
   * Reads every whole record of a store, those behind damage included, and puts the entries that
   * they make into a new store. The old one is not changed; while it is read, no process can open
   * it.
   *
   * <p>Of the whole changes of a key the latest counts, and a delete deletes. So a key whose latest
   * change was lost has the value before it in the new store, or none; the sequences in {@link
   * RepairReport#dropped} bound how many changes that can concern. Keys, values and the number of
   * stripes are kept; versions are not, they start anew.
   *
   * <p>A batch is all or none here too: if one of its records is damaged, none of them is kept.
   * Only where the damage hides that records belong together are those behind it kept, since
   * nothing tells them from changes of their own.
   *
   * <p>More is kept than opening would keep: of a torn tail, which opening cuts off whole, the
   * whole records are taken. A segment whose header is damaged is read all the same if its records
   * prove what the header said; if not, all of it is dropped, since nothing else tells its records
   * from bytes that look like some. If the list of segments is lost, all segments there are are
   * read, those included that an interrupted compaction may have left over: a key that was deleted
   * can be back then.
   *
   * @param from directory of the store
   * @param to directory of the new one: missing, or empty; outside {@code from}
   * @param progress told how far it has come, on the calling thread; null for nobody
   * @throws LockedStoreException if a store has {@code from} open
   * @throws KvStoreException if {@code from} is not a store, is of a newer version or can't be
   *     read, or {@code to} is not empty or can't be written; once it has been begun, {@code to} is
   *     left incomplete and is to be deleted
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
