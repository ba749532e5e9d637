package io.kvstore;

import io.kvstore.repair.StoreInspection;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The verification of a store that is not open: checks that its files are what was written. */
public final class StoreVerifier {
  private StoreVerifier() {}

  /**
   * Reads and checks every record of every segment, and goes on behind damage where it can. Changes
   * nothing, and needs only read permission for the files. While it reads, no process can open the
   * store.
   *
   * <p>The store is whole if opening would succeed. A torn tail is not damage: see {@link
   * VerifyReport#tornBytes}.
   *
   * @param directory of the store
   * @param progress progress callback, called on the calling thread; null for none
   * @throws LockedStoreException if a store has the directory open
   * @throws KvStoreException if the directory is not a store, is of a newer version, or can't be
   *     read
   */
  public static VerifyReport verify(Path directory, @Nullable OpenProgress progress) {
    Objects.requireNonNull(directory, "directory");
    return new StoreInspection(directory, progress).verify();
  }
}
