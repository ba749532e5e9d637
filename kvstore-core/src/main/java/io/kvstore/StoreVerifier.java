package io.kvstore;

import io.kvstore.repair.StoreInspection;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a store that nobody has open, and tells whether it is what was written. */
public final class StoreVerifier {
  private StoreVerifier() {}

  /**
   * Reads every record of every segment and checks it, and goes on behind damage where it can.
   * Changes nothing, and needs no more than to be allowed to read the files. While it reads, no
   * process can open the store.
   *
   * <p>The store is whole if opening would not refuse it. A torn tail is no damage: see {@link
   * VerifyReport#tornBytes}.
   *
   * @param directory of the store
   * @param progress told how far it has come, on the calling thread; null for nobody
   * @throws LockedStoreException if a store has the directory open
   * @throws KvStoreException if the directory is not a store, is of a newer version, or can't be
   *     read
   */
  public static VerifyReport verify(Path directory, @Nullable OpenProgress progress) {
    Objects.requireNonNull(directory, "directory");
    return new StoreInspection(directory, progress).verify();
  }
}
