package io.kvstore.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Disk usage of files in blocks, as {@code du} counts it: without holes, which Java does not see.
 */
public final class DiskUsage {
  private static final int BYTES_PER_KIBIBYTE = 1024;

  private DiskUsage() {}

  /** Returns the bytes that a directory's files occupy, holes not counted: {@code du -sk}. */
  public static long of(Path directory) {
    String lines = run("du", "-sk", directory.toString()).stripTrailing();
    String output =
        lines.substring(
            lines.lastIndexOf('\n') + 1); // after warnings about files deleted concurrently
    return Long.parseLong(output.substring(0, output.indexOf('\t'))) * BYTES_PER_KIBIBYTE;
  }

  /**
   * Waits until all dirty pages are on the disk, so that writeback does not disturb what follows.
   */
  static void settle() {
    run("sync");
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0 && !command[0].equals("du")) {
        throw new IllegalStateException(List.of(command) + " says " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("can't run " + List.of(command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(List.of(command) + " was interrupted", e);
    }
  }
}
