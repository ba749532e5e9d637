package io.kvstore.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The run-queue delay of a thread: how long it was runnable without a processor, as Linux counts
 * it; elsewhere always 0. Created by the thread that it measures.
 */
final class RunDelay implements AutoCloseable {
  private static final Path FILE = Path.of("/proc/thread-self/schedstat");
  private static final int MAX_BYTES = 100;

  private final @Nullable FileChannel file;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(MAX_BYTES);

  private RunDelay(@Nullable FileChannel file) {
    this.file = file;
  }

  static RunDelay ofThisThread() throws IOException {
    return new RunDelay(Files.exists(FILE) ? FileChannel.open(FILE) : null);
  }

  /** Returns the nanoseconds since the thread began. */
  long nanos() throws IOException {
    if (file == null) {
      return 0;
    }
    file.read(bytes.clear(), 0);
    // Three numbers: nanoseconds that it ran, that it waited, and how often it ran.
    return Long.parseLong(US_ASCII.decode(bytes.flip()).toString().split(" ", -1)[1]);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
