package io.kvstore.directory;

import io.kvstore.KvStoreException;
import io.kvstore.LockedStoreException;
import io.kvstore.ownership.Ownership;
import io.kvstore.ownership.ReadingHold;
import io.kvstore.platform.DirectoryListing;
import io.kvstore.platform.Storage;
import io.kvstore.recovery.LogOpening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * A directory that this store has to itself, and its manifest. To be used on threads of the store.
 */
public final class StoreDirectory {
  /** Files without which there is no store, or another one. */
  private static final Set<String> FILES =
      Set.of(Manifest.FILE, LogOpening.LIST_FILE, SchemaFile.FILE);

  private final Path directory;
  private final Ownership ownership;

  private StoreDirectory(Path directory, Ownership ownership) {
    this.directory = directory;
    this.ownership = ownership;
  }

  /**
   * Creates the directory if it is missing, and locks it if it is a store's or empty.
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
   * Creates the directory if it is missing, and locks it, of which the caller has made sure that it
   * may be written to.
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
   * Keeps every process from opening a store in the directory while it is read, and changes nothing
   * in it. Several may read at once, each in its process.
   *
   * @throws LockedStoreException if a store has it
   */
  public static ReadingHold openForReading(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new KvStoreException(directory + " is not a directory");
    }
    return ReadingHold.on(directory);
  }

  /** Creates the directory, and what is missing above it, durably. */
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

  /** Called before anything is written: a directory that is not a store's stays as it is. */
  private static void refuseForeign(Path directory) throws IOException {
    String foreign = null;
    for (Path file : DirectoryListing.of(directory)) {
      String name = file.getFileName().toString();
      foreign = isOurs(name) ? foreign : name;
    }
    // Asked last: another process may be creating the store, and it writes the manifest first.
    if (foreign != null && !Files.exists(directory.resolve(Manifest.FILE))) {
      throw new KvStoreException(directory + " is not a store: it has no manifest, but " + foreign);
    }
  }

  /** Returns the manifest, and creates it if the directory is new. */
  public Manifest manifest(int stripesIfNew, Storage storage) throws IOException {
    if (Files.exists(directory.resolve(Manifest.FILE))) {
      return Manifest.read(directory);
    }
    Manifest manifest = Manifest.create(stripesIfNew);
    manifest.write(directory, storage);
    return manifest;
  }

  /** Refuses a place inside of a store's directory. */
  public static void requireOutside(Path place, Path directory) throws IOException {
    Path above = place.toAbsolutePath().normalize();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && above.toRealPath().startsWith(directory.toRealPath())) {
      throw new KvStoreException(place + " is inside of " + directory);
    }
  }

  /** Tells whether an empty directory may have such a file. */
  public static boolean isOurs(String name) {
    return Ownership.isFile(name) || name.equals(Manifest.NEW_FILE) || name.equals(Manifest.FILE);
  }

  public Path path() {
    return directory;
  }

  /** Returns a storage for its files, which refuses once the directory is lost. */
  public Storage guard(Storage storage) {
    return ownership.guard(storage);
  }

  /**
   * Looks after the directory while a log is open in it.
   *
   * @param log fails if the directory is lost, or a file in it
   */
  public void watch(LogOpening.Opened log) throws IOException {
    ownership.require();
    ownership.complete();
    ownership.onLoss(log::fail);
    ownership.watch(FILES, log.presence()::findMissing);
  }

  /** Looks a last time, before the log is closed; who watches learns of a loss. */
  public void lookAtEnd() {
    try {
      ownership.requireAll();
    } catch (IOException e) {
      // The log knows, and refuses to close well.
    }
  }

  /** Looks whether the directory is the store's still, and mends what was done to its lock. */
  public void look() {
    ownership.look();
  }

  /**
   * Makes sure that the directory is the store's still; from any thread.
   *
   * @throws KvStoreException if it is not
   */
  public void requireOwned() {
    try {
      ownership.requireAll();
    } catch (IOException e) {
      throw new KvStoreException(e.getMessage(), e);
    }
  }

  /** Gives the directory back. */
  public void close() throws IOException {
    ownership.close();
  }
}
