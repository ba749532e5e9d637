package io.kvstore.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

final class FileStorage implements Storage {
  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  /**
   * The maximum number of bytes of an array written by one call: the JDK first copies them into a
   * direct buffer, which it keeps for the thread.
   */
  private static final int MAX_ARRAY_WRITE_BYTES = 256 << 10;

  @Override
  public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    ByteBuffer part = bytes.duplicate();
    int end = bytes.limit();
    long shift = at - bytes.position();
    int most = bytes.isDirect() ? bytes.remaining() : MAX_ARRAY_WRITE_BYTES;
    while (part.position() < end) {
      part.limit(Math.min(end, part.position() + most));
      while (part.hasRemaining()) {
        file.write(part, shift + part.position());
      }
    }
    bytes.position(end);
  }

  @Override
  public void sync(FileChannel file) throws IOException {
    file.force(false);
  }

  @Override
  public void sync(MappedByteBuffer mapped, int from, int length) throws IOException {
    try {
      mapped.force(from, length);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    if (WINDOWS) {
      return; // not needed there, and a directory can't be opened
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
