package io.kvstore.directory;

import io.kvstore.KvStoreException;
import io.kvstore.LockedStoreException;
import io.kvstore.log.SegmentPresence;
import io.kvstore.ownership.Ownership;
import io.kvstore.ownership.ReadingHold;
import io.kvstore.platform.DirectoryListing;
import io.kvstore.platform.Storage;
import io.kvstore.recovery.LogOpening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The owned directory of a store, and its manifest. Used on threads of the store. */
public final class StoreDirectory {
  /** The files without which there is no store, or a different one. */
  private static final Set<String> FILES =
      Set.of(Manifest.FILE, LogOpening.LIST_FILE, SchemaFile.FILE);

  private final Path directory;
  private final Ownership ownership;

  private StoreDirectory(Path directory, Ownership ownership) {
    this.directory = directory;
    this.ownership = ownership;
  }

  /**
   * Creates the directory if it is missing, and locks it if it is empty or a store's.
   *
   * @throws LockedStoreException if another store has it
   */
  public static StoreDirectory open(Path directory, Storage storage) throws IOException {
    if (!Files.isDirectory(directory)) {
      create(directory, storage);
    }
    refuseForeign(directory);
    return new StoreDirectory(directory, Ownership.of(directory));
  }

  /**
   * Creates the directory if it is missing, and locks it; the caller must have checked that it may
   * be written to.
   *
   * @throws LockedStoreException if a store has it
   */
  public static StoreDirectory openForBackup(Path directory, Storage storage) throws IOException {
    if (!Files.isDirectory(directory)) {
      create(directory, storage);
    }
    Ownership ownership = Ownership.of(directory);
    ownership.complete();
    return new StoreDirectory(directory, ownership);
  }

  /**
   * Prevents all processes from opening a store in the directory while it is read, and changes
   * nothing in it. Several processes may read at once.
   *
   * @throws LockedStoreException if a store has it
   */
  public static ReadingHold openForReading(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new KvStoreException(directory + " is not a directory");
    }
    return ReadingHold.on(directory);
  }

  /** Creates the directory and its missing parents durably. */
  private static void create(Path directory, Storage storage) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      create(parent, storage);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      storage.syncDirectory(parent);
    }
  }

  /**
   * Rejects a directory that is not a store's; called before anything is written, so that it stays
   * unchanged.
   */
  private static void refuseForeign(Path directory) throws IOException {
    String foreign = null;
    for (Path file : DirectoryListing.of(directory)) {
      String name = file.getFileName().toString();
      foreign = isOurs(name) ? foreign : name;
    }
    // Checked last: another process may be creating the store, and it writes the manifest first.
    if (foreign != null && !Files.exists(directory.resolve(Manifest.FILE))) {
      throw new KvStoreException(directory + " is not a store: it has no manifest, but " + foreign);
    }
  }

  /** Returns the manifest; creates it if the directory is new. */
  public Manifest manifest(int stripesIfNew, Storage storage) throws IOException {
    if (Files.exists(directory.resolve(Manifest.FILE))) {
      return Manifest.read(directory);
    }
    Manifest manifest = Manifest.create(stripesIfNew);
    manifest.write(directory, storage);
    return manifest;
  }

  /** Requires that a path is not inside a store's directory. */
  public static void requireOutside(Path place, Path directory) throws IOException {
    Path above = place.toAbsolutePath().normalize();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && above.toRealPath().startsWith(directory.toRealPath())) {
      throw new KvStoreException(place + " is inside of " + directory);
    }
  }

  /** Returns whether a directory with this file still counts as empty. */
  public static boolean isOurs(String name) {
    return Ownership.isFile(name) || name.equals(Manifest.NEW_FILE) || name.equals(Manifest.FILE);
  }

  public Path path() {
    return directory;
  }

  /** Returns a storage for the files of the directory, which fails once the directory is lost. */
  public Storage guard(Storage storage) {
    return ownership.guard(storage);
  }

  /**
   * Starts to watch the directory while a log is open in it.
   *
   * @param log the log, which fails if the directory or a file in it is lost
   */
  public void watch(LogOpening.Opened log) throws IOException {
    ownership.require();
    ownership.complete();
    ownership.onLoss(
        new Consumer<>() {
          @Override
          public void accept(IOException loss) {
            log.fail(loss);
          }
        });
    SegmentPresence segments = log.presence(); // it remembers the files that it has seen
    ownership.watch(
        FILES,
        new Ownership.MissingFile() {
          @Override
          public @Nullable Path find() throws IOException {
            return segments.findMissing();
          }
        });
  }

  /** Runs the last check, before the log is closed; a loss is reported to the log. */
  public void lookAtEnd() {
    try {
      ownership.requireAll();
    } catch (IOException e) {
      // The log has been notified, and its close will fail.
    }
  }

  /** Checks that the directory still belongs to the store, and restores damaged lock files. */
  public void look() {
    ownership.look();
  }

  /**
   * Requires that the directory still belongs to the store; thread-safe.
   *
   * @throws KvStoreException if it does not
   */
  public void requireOwned() {
    try {
      ownership.requireAll();
    } catch (IOException e) {
      throw new KvStoreException(e.getMessage(), e);
    }
  }

  /** Releases the directory. */
  public void close() throws IOException {
    ownership.close();
  }
}
