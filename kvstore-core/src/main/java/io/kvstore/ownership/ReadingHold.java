package io.kvstore.ownership;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The hold on a directory that is being verified or repaired: no store can be opened in it
 * meanwhile. Several processes may have one at once.
 */
public final class ReadingHold implements Closeable {
  private final Claim claim;
  private final @Nullable FileLock lock;

  private ReadingHold(Claim claim, @Nullable FileLock lock) {
    this.claim = claim;
    this.lock = lock;
  }

  /**
   * Acquires the hold on a directory; changes nothing in it. Called on a thread of the store.
   *
   * @throws io.kvstore.LockedStoreException if a store has it
   */
  public static ReadingHold on(Path path) throws IOException {
    DirectoryHandle directory = DirectoryHandle.open(path);
    try {
      Claim claim = Claim.on(directory);
      try {
        return new ReadingHold(claim, claim.lockForReading());
      } catch (Throwable e) {
        claim.end();
        throw e;
      }
    } catch (Throwable e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (lock != null) {
        lock.acquiredBy().close();
      }
    } finally {
      try {
        claim.end();
      } finally {
        claim.directory().close();
      }
    }
  }
}
