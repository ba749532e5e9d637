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
 * The file operations that can fail late: for want of space, or because the disk refuses. Called on
 * the store's own threads only, since an interrupt would close the channel. Tests supply one that
 * fails when told to.
 */
public interface Storage {

  /** The files of the operating system. */
  @SuppressWarnings("ClassInitializationDeadlock") // nothing else names the class
  Storage FILES = new FileStorage();

  /** Writes all remaining bytes of a buffer at a place in a file. */
  void write(FileChannel file, ByteBuffer bytes, long at) throws IOException;

  /** Makes the content of a file survive a power cut. */
  void sync(FileChannel file) throws IOException;

  /** Makes what was written into a part of a mapped file survive a power cut. */
  void sync(MappedByteBuffer mapped, int from, int length) throws IOException;

  /**
   * Makes sure that the directory is the store's still, before bytes are written or synced that are
   * to be acknowledged.
   *
   * @throws IOException if it is not: whatever is written there may be lost, or another's loss
   */
  default void requireOwned() throws IOException {}

  /** Opens a file, or creates it. */
  default FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, options);
  }

  /** Renames a file of a directory, in place of any other. */
  default void move(Path file, Path to) throws IOException {
    Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Renames the file of a segment for another use of its bytes, if nobody else can be reading it.
   *
   * @param compacted whether it was written by compaction
   * @param id of the segment
   * @return false if somebody may: nothing has changed then
   */
  default boolean moveUnread(Path file, Path to, boolean compacted, long id) throws IOException {
    move(file, to);
    return true;
  }

  /** Deletes a file if it is there. */
  default void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Makes the creations, renamings and deletions in a directory survive a power cut. */
  void syncDirectory(Path directory) throws IOException;
}
