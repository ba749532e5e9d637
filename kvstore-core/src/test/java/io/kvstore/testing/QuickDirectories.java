package io.kvstore.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * The factory of temporary directories in memory, if the system supports it, for tests that replace
 * thousands of files and simulate no power cut. ext4 writes a file to the disk each time it
 * replaces another.
 */
public final class QuickDirectories implements TempDirFactory {
  private static final Path IN_MEMORY = Path.of("/dev/shm");
  private static final long ENOUGH_BYTES = 256L << 20;

  @Override
  public Path createTempDirectory(
      AnnotatedElementContext elementContext, ExtensionContext extensionContext)
      throws IOException {
    boolean isThere =
        Files.isWritable(IN_MEMORY)
            && Files.getFileStore(IN_MEMORY).getUsableSpace() > ENOUGH_BYTES;
    return isThere
        ? Files.createTempDirectory(IN_MEMORY, "kvstore-test-")
        : Files.createTempDirectory("kvstore-test-");
  }
}
