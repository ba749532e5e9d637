package io.kvstore.bench.jmh;

import io.kvstore.bench.ScratchDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** A preallocated file that is overwritten from its start again and again. */
final class DeviceFile implements AutoCloseable {
  private static final int FILE_BYTES = 64 << 20;

  private final ScratchDirectory scratch = ScratchDirectory.create();
  private final FileChannel file;

  private DeviceFile() throws IOException {
    file =
        FileChannel.open(
            scratch.path().resolve("device"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
  }

  /** Makes one, so that writing changes nothing but its bytes. */
  static DeviceFile filled() throws IOException {
    DeviceFile made = new DeviceFile();
    ByteBuffer zeros = ByteBuffer.allocateDirect(FILE_BYTES);
    while (zeros.hasRemaining()) {
      made.file.write(zeros);
    }
    made.file.force(true);
    made.file.position(0);
    return made;
  }

  /** Writes as many bytes of the buffer, from its start, and waits until the device has them. */
  void writeAndSync(ByteBuffer bytes, int count) throws IOException {
    if (file.position() + count > FILE_BYTES) {
      file.position(0);
    }
    bytes.clear().limit(count);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    try (scratch) {
      file.close();
    }
  }
}
