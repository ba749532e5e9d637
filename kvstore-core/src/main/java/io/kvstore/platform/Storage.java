package io.kvstore.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file operations that can fail at run time, for lack of space or because of a disk error.
 * Called only on the store's own threads, since an interrupt would close the channel. Tests supply
 * an implementation with injected failures.
 */
public interface Storage {

  /** The file system of the operating system. */
  @SuppressWarnings("ClassInitializationDeadlock") // nothing else names the class
  Storage FILES = new FileStorage();

  /** Writes all remaining bytes of a buffer at an offset of a file. */
  void write(FileChannel file, ByteBuffer bytes, long at) throws IOException;

  /** Makes the content of a file survive a power cut. */
  void sync(FileChannel file) throws IOException;

  /** Makes what was written into a part of a mapped file survive a power cut. */
  void sync(MappedByteBuffer mapped, int from, int length) throws IOException;

  /**
   * Requires that the directory still belongs to the store, before bytes are written or synced
   * whose write will be acknowledged.
   *
   * @throws IOException if it does not: bytes written there may be lost, or may damage another
   *     store
   */
  default void requireOwned() throws IOException {}

  /** Opens a file, or creates it. */
  default FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, options);
  }

  /** Renames a file within a directory, replacing any file of that name. */
  default void move(Path file, Path to) throws IOException {
    Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Renames the file of a segment so that it can be reused, if no other process can be reading it.
   *
   * @param compacted whether the segment was written by compaction
   * @param id the id of the segment
   * @return false if another process may be reading it: nothing has changed then
   */
  default boolean moveUnread(Path file, Path to, boolean compacted, long id) throws IOException {
    move(file, to);
    return true;
  }

  /** Deletes a file if it exists. */
  default void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Makes the creations, renamings and deletions in a directory survive a power cut. */
  void syncDirectory(Path directory) throws IOException;
}
