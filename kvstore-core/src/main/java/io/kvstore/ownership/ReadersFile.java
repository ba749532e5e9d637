package io.kvstore.ownership;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code readers} of a directory, opened once in this process: POSIX releases all locks of
 * a process on a file when it closes any descriptor of it. A reader of the directory locks any one
 * byte of the file, and the writer locks all of them for exclusive access. Used on threads of the
 * store.
 */
final class ReadersFile implements Closeable {
  /** The offset of the first byte to lock, far behind any text. */
  private static final long FIRST_PLACE = 1 << 20;

  private static final int PLACES = 1 << 30;

  @GuardedBy("OPEN_HERE")
  private static final Map<Object, ReadersFile> OPEN_HERE = new HashMap<>();

  private final Object key;
  private final FileChannel channel;

  @GuardedBy("OPEN_HERE")
  private int users;

  private ReadersFile(Object key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /** Opens the file of a directory; returns null if it is missing. */
  static @Nullable ReadersFile open(Path directory) throws IOException {
    Path file = directory.resolve(Ownership.READERS);
    synchronized (OPEN_HERE) {
      if (!Files.exists(file)) {
        return null;
      }
      Object fileKey = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      Object key = fileKey == null ? file.toRealPath() : fileKey;
      ReadersFile open = OPEN_HERE.get(key);
      if (open == null) {
        open = new ReadersFile(key, channel(file));
        OPEN_HERE.put(key, open);
      }
      open.users++;
      return open;
    }
  }

  /** Opens a channel, for writing if permitted: an exclusive lock requires that. */
  private static FileChannel channel(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (FileSystemException e) {
      return FileChannel.open(file, StandardOpenOption.READ); // a read-only file system
    }
  }

  FileChannel channel() {
    return channel;
  }

  /** Locks one byte, which others may lock too; returns null if a writer has the exclusive lock. */
  @Nullable FileLock tryShared() throws IOException {
    for (; ; ) {
      long place = FIRST_PLACE + ThreadLocalRandom.current().nextInt(PLACES);
      try {
        return channel.tryLock(place, 1, true);
      } catch (OverlappingFileLockException e) {
        if (isAlone()) {
          return null;
        }
      }
    }
  }

  /** Returns whether this process has all bytes locked now, perhaps in another class loader. */
  private boolean isAlone() throws IOException {
    try {
      release(channel.tryLock(0, 1, true)); // a byte that no reader locks
      return false;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  private static void release(@Nullable FileLock lock) throws IOException {
    if (lock != null) {
      lock.release();
    }
  }

  /** Locks all bytes; returns null if another lock exists. */
  @Nullable FileLock tryAlone() throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /**
   * Closes the file with its last user; it stays open if another class loader of this process has
   * locks on it.
   */
  @Override
  public void close() throws IOException {
    synchronized (OPEN_HERE) {
      if (--users > 0) {
        return;
      }
      OPEN_HERE.remove(key);
      try {
        release(channel.tryLock(0, Long.MAX_VALUE, true)); // no lock in this process
      } catch (OverlappingFileLockException e) {
        SystemLock.keep(channel);
        return;
      } catch (IOException e) {
        // a file system without locks: there is none to release
      }
      channel.close();
    }
  }
}
