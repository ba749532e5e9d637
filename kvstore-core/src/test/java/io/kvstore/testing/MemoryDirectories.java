package io.kvstore.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Makes the temporary directories of all tests in memory, where the system has a file system for
 * that with room to spare: tests make and delete hundreds of thousands of small files, which is
 * most of their work on a disk. {@code -Dkvstore.test.dir=} names another place, and the long form
 * takes the system's own, as a test of what a file system does should.
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
