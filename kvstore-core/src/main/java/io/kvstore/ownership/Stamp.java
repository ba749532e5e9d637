package io.kvstore.ownership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stamp of a file, read by one system call: its identity, and whether it was written to.
 *
 * @param key the file key, null if the file system has none
 */
record Stamp(@Nullable Object key, FileTime modified, long size) {

  /** Returns null if there is no such file. */
  static @Nullable Stamp of(Path file) throws IOException {
    try {
      return of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  static Stamp of(BasicFileAttributes attributes) {
    return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
  }

  /**
   * Returns whether two stamps are equal. Not {@code equals}, which the JDK links at its first use,
   * and that would be while a store is opened.
   */
  boolean isSame(@Nullable Stamp other) {
    return isSameFile(other)
        && other != null
        && size == other.size
        && modified.equals(other.modified);
  }

  boolean isSameFile(@Nullable Stamp other) {
    return other != null && Objects.equals(key, other.key);
  }
}
