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
 * What a look at a file costs one system call to learn: which file it is, and whether it was
 * written to.
 *
 * @param key null where the file system has none
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
   * Tells whether nothing has changed. The JDK links the equality of a record when it is used
   * first, which would be while a store is opened.
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
