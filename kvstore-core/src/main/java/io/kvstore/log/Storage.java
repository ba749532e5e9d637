package io.kvstore.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The file operations that can fail late: for want of space, or because the disk refuses. Called on
 * the store's own threads only, since an interrupt would close the channel. Tests supply one that
 * fails when told to.
 */
public interface Storage {

  /** The files of the operating system. */
  Storage FILES = new FileStorage();

  /** Writes all remaining bytes of a buffer at a place in a file. */
  void write(FileChannel file, ByteBuffer bytes, long at) throws IOException;

  /** Makes the content of a file survive a power cut. */
  void sync(FileChannel file) throws IOException;

  /** Makes what was written into a part of a mapped file survive a power cut. */
  void sync(MappedByteBuffer mapped, int from, int length) throws IOException;

  /** Makes the creations, renamings and deletions in a directory survive a power cut. */
  void syncDirectory(Path directory) throws IOException;
}
