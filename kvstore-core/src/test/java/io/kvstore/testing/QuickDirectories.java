package io.kvstore.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Makes directories in memory, where the system has a place for that: for tests that replace files
 * by the thousand and lose no power. ext4 writes a file to the disk each time that it takes the
 * place of another.
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
