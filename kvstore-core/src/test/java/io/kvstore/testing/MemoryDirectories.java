package io.kvstore.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The factory of temporary directories for all tests, in memory if the system has a file system for
 * that with enough room: tests create and delete hundreds of thousands of small files, which on a
 * disk takes most of their time. {@code -Dkvstore.test.dir=} sets another directory, and the long
 * form uses the system's own, as tests of file system behaviour should.
 */
public final class MemoryDirectories implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long MIN_FREE_BYTES = 2L << 30;
  private static final String PREFIX = "kvstore-test-";

  @Override
  public Path createTempDirectory(AnnotatedElementContext where, ExtensionContext test)
      throws IOException {
    String place = System.getProperty("kvstore.test.dir", "");
    if (!place.isEmpty()) {
      return Files.createTempDirectory(Files.createDirectories(Path.of(place)), PREFIX);
    }
    return !LongForm.ON && isRoomInMemory()
        ? Files.createTempDirectory(MEMORY, PREFIX)
        : Files.createTempDirectory(PREFIX);
  }

  private static boolean isRoomInMemory() throws IOException {
    return Files.isDirectory(MEMORY)
        && Files.isWritable(MEMORY)
        && Files.getFileStore(MEMORY).getUsableSpace() >= MIN_FREE_BYTES;
  }
}
